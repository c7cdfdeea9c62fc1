#pragma once

#include <string>
#include <vector>

#include "gpucheck/op.hpp"
#include "kernels/device/buffer.hpp"

namespace gpucheck {

/// A tensor in the memory of a place, with guard bytes on both sides.
class PlacedTensor {
 public:
  PlacedTensor(const Place& place, const Tensor& tensor);

  const Tensor& tensor() const { return tensor_; }
  void* data() const { return buffer_.data(); }

  /// Every byte 0xff, a NaN in every floating-point type: what is not written shows.
  void poison() { buffer_.poison(); }
  void write(const Values& values);
  std::vector<unsigned char> read() const;

  /// "y: 4 bytes written after its end, ..."; empty where the guard bytes are untouched.
  std::string overrun() const;

 private:
  Tensor tensor_;
  Buffer buffer_;
};

/// Memory that an implementation asks for while it prepares, released together.
class Workspaces {
 public:
  explicit Workspaces(const Place& place) : place_(place) {}
  Workspaces(const Workspaces&) = delete;
  Workspaces& operator=(const Workspaces&) = delete;
  ~Workspaces();

  void* allocate(std::size_t bytes);

 private:
  const Place& place_;
  std::vector<void*> memory_;
};

}  // namespace gpucheck
