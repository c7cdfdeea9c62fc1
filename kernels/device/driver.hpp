#pragma once

#include <cstddef>
#include <source_location>

#include "kernels/device/shared_library.hpp"

namespace gpucheck {

/// CUresult; 0 is success.
enum class DriverStatus : int {};

/// The CUdevice_attribute values we ask for.
enum class DriverAttribute : int {
  multiprocessor_count = 16,
  kernel_time_limit = 17,
  integrated = 18,
  compute_mode = 20,
  ecc_enabled = 32,
  pci_bus = 33,
  pci_device = 34,
  pci_domain = 50,
  cc_major = 75,
  cc_minor = 76,
};

/// CUuuid.
struct DriverUuid {
  unsigned char bytes[16];
};

/// libcuda.so.1, as it comes with the display driver. The unversioned libcuda.so is never tried:
/// where it exists without a driver it is the toolkit's stub.
struct Driver {
  SharedLibrary library;

  DriverStatus (*init)(unsigned flags);
  DriverStatus (*driver_version)(int* version);  ///< 1000 * major + 10 * minor; works before init.
  DriverStatus (*device_count)(int* count);
  DriverStatus (*device)(int* device, int ordinal);
  DriverStatus (*device_name)(char* name, int length, int device);
  DriverStatus (*device_attribute)(int* value, DriverAttribute attribute, int device);
  DriverStatus (*device_uuid)(DriverUuid* uuid, int device);
  DriverStatus (*device_pci_bus_id)(char* id, int length, int device);
  DriverStatus (*device_total_memory)(std::size_t* bytes, int device);
  DriverStatus (*error_name)(DriverStatus status, const char** name);
  DriverStatus (*error_string)(DriverStatus status, const char** text);

  std::vector<std::string> resolve();
};

/// The driver, opened at the first call. Opening it does not initialise it.
const Result<Driver>& driver();

/// Throws LibraryError unless the call succeeded.
void require(DriverStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
