#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace gpucheck::simt {

inline constexpr std::size_t device_memory_bytes = std::size_t{4} << 30;

/// heap: of exactly the size asked for, so that AddressSanitizer's red zone begins at its end.
/// pages: whole pages, as WrongStores needs them.
enum class Backing { heap, pages };

/// Memory of a simulated device; null where less than `bytes` is free.
void* allocate_device_memory(int device, std::size_t bytes, Backing backing = Backing::heap);

/// Whether `address` lies in an allocation in pages.
bool is_watchable(const void* address);

/// False where `memory` does not begin an allocation.
bool release_device_memory(void* memory);

std::size_t free_device_memory(int device);

/// Whether `bytes` from `address` lie within one allocation.
bool is_device_memory(const void* address, std::size_t bytes);

/// Whether `address` lies in an allocation of some device, and of which.
int device_of(const void* address);

/// Until they are permitted again, a kernel that touches these bytes is reported (AddressSanitizer
/// builds).
void forbid_device_memory(void* begin, std::size_t bytes);
void permit_device_memory(void* begin, std::size_t bytes);

/// Calls `visit` for each allocation of the device, in order of allocation.
void each_allocation(int device, const std::function<void(char* begin, std::size_t bytes)>& visit);

// Outside of these the host must not touch device memory, and AddressSanitizer reports it if it
// does.

/// The device may touch what kernels may touch.
class KernelAccess {
 public:
  KernelAccess();
  ~KernelAccess();
  KernelAccess(const KernelAccess&) = delete;
  KernelAccess& operator=(const KernelAccess&) = delete;
};

/// Copies or fills, with everything open.
void copy_memory(void* destination, const void* source, std::size_t bytes);
void fill_memory(void* destination, int byte, std::size_t bytes);

}  // namespace gpucheck::simt
