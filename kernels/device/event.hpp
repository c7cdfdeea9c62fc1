#pragma once

struct CUevent_st;
struct CUstream_st;

namespace gpucheck {

/// A time stamp on a stream.
class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(CUstream_st* stream);
  void synchronize() const;
  /// Seconds from `start` to this; both must have been reached.
  double seconds_since(const Event& start) const;

 private:
  CUevent_st* event_ = nullptr;
};

}  // namespace gpucheck
