#pragma once

struct CUstream_st;

namespace gpucheck {

/// A CUDA stream of the current device that does not wait for the default stream.
class Stream {
 public:
  Stream();
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  CUstream_st* get() const { return stream_; }
  /// Waits for all work enqueued, and throws what it left behind.
  void synchronize() const;

 private:
  CUstream_st* stream_ = nullptr;
};

}  // namespace gpucheck
