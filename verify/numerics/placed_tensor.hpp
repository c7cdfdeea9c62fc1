#pragma once

#include <string>
#include <vector>

#include "gpucheck/op.hpp"
#include "kernels/device/place.hpp"

namespace gpucheck {

/// A tensor in the memory of a place, with guard bytes on both sides.
class PlacedTensor {
 public:
  PlacedTensor(const Place& place, const Tensor& tensor);
  PlacedTensor(const PlacedTensor&) = delete;
  PlacedTensor& operator=(const PlacedTensor&) = delete;
  ~PlacedTensor();

  const Tensor& tensor() const { return tensor_; }
  void* data() const;
  std::size_t size_bytes() const { return size_bytes_; }

  /// Every byte 0xff, a NaN in every floating-point type: what is not written shows.
  void poison();
  void write(const void* elements);
  void write(const Values& values);
  std::vector<unsigned char> read() const;

  /// "wrote past the end of y"; empty where the guard bytes are untouched.
  std::string overrun() const;

 private:
  const Place& place_;
  Tensor tensor_;
  std::size_t size_bytes_;
  unsigned char* memory_;
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
