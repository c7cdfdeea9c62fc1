#include "kernels/device/driver.hpp"

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

std::vector<std::string> Driver::resolve() {
  return resolve_all(library, Symbol{"cuInit", &init},                                           //
                     Symbol{"cuDriverGetVersion", &driver_version},                              //
                     Symbol{"cuDeviceGetCount", &device_count},                                  //
                     Symbol{"cuDeviceGet", &device},                                             //
                     Symbol{"cuDeviceGetName", &device_name},                                    //
                     Symbol{"cuDeviceGetAttribute", &device_attribute},                          //
                     Symbol{std::array{"cuDeviceGetUuid_v2", "cuDeviceGetUuid"}, &device_uuid},  //
                     Symbol{"cuDeviceGetPCIBusId", &device_pci_bus_id},                          //
                     Symbol{"cuDeviceTotalMem_v2", &device_total_memory},                        //
                     Symbol{"cuGetErrorName", &error_name},                                      //
                     Symbol{"cuGetErrorString", &error_string});
}

const Result<Driver>& driver() {
  static const Result<Driver> library =
      open_api<Driver>(names_to_open({"libcuda.so.1"}, search_environment()));
  return library;
}

void require(DriverStatus status, std::source_location at) {
  if (status == DriverStatus{}) return;
  const char* name = nullptr;
  const char* text = nullptr;
  if (driver()) {
    // Both leave null for a code that this driver does not know.
    driver()->error_name(status, &name);
    driver()->error_string(status, &text);
  }
  throw_library_error(int(status), name != nullptr ? name : "CUresult", text != nullptr ? text : "",
                      at);
}

}  // namespace gpucheck
