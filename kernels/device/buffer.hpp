#pragma once

#include <cstddef>
#include <string>

#include "kernels/device/place.hpp"

namespace gpucheck {

/// Memory on a place between guard bytes, which show who writes outside of it.
class Buffer {
 public:
  Buffer(const Place& place, std::size_t bytes);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  void* data() const;
  std::size_t bytes() const { return bytes_; }

  /// Fills it with 0xFF: NaN in every floating-point type, -1 in s32.
  void poison();
  void copy_in(const void* host_source);
  void copy_out(void* host_destination) const;

  /// Which guard bytes were overwritten, "" if none: "3 bytes after the end, the nearest 0 bytes
  /// behind it".
  std::string damage() const;

 private:
  void set_guards(void (*set)(void* begin, std::size_t bytes)) const;

  const Place* place_;
  std::byte* memory_ = nullptr;  ///< Guard, data, guard.
  std::size_t bytes_;
};

}  // namespace gpucheck
