#include <fmt/format.h>

#include "kernels/device/driver.hpp"
#include "kernels/device/library_search.hpp"
#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/tasks.hpp"

namespace gpucheck {
namespace {

bool ok(DriverStatus status) { return status == DriverStatus{}; }

std::string uuid_text(const DriverUuid& uuid) {
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    text += fmt::format("{:02x}", uuid.bytes[i]);
    if (i == 3 || i == 5 || i == 7 || i == 9) text += '-';
  }
  return text;
}

Device describe(const Driver& d, int index) {
  Device device;
  device.index = index;
  int handle = 0;
  if (!d.device || !ok(d.device(&handle, index))) return device;
  const auto attribute = [&](DriverAttribute which) {
    int value = 0;
    return d.device_attribute && ok(d.device_attribute(&value, which, handle)) ? value : 0;
  };
  char text[256] = {};
  if (d.device_name && ok(d.device_name(text, sizeof text - 1, handle))) device.name = text;
  if (d.device_pci_bus_id && ok(d.device_pci_bus_id(text, sizeof text - 1, handle)))
    device.pci = text;
  device.cc = attribute(DriverAttribute::cc_major) * 10 + attribute(DriverAttribute::cc_minor);
  device.sms = attribute(DriverAttribute::multiprocessor_count);
  std::size_t bytes = 0;
  if (d.device_total_memory && ok(d.device_total_memory(&bytes, handle)))
    device.memory_bytes = bytes;
  if (DriverUuid uuid = {}; d.device_uuid && ok(d.device_uuid(&uuid, handle)))
    device.uuid = uuid_text(uuid);
  return device;
}

}  // namespace

int probe_driver_task(Arguments) {
  Driver d = {};
  d.library = SharedLibrary(names_to_open({"libcuda.so.1"}, search_environment()));
  if (!d.library) return 0;
  Snapshot piece;
  piece.libraries.push_back(LibraryProbe{.name = "libcuda.so.1",
                                         .opened = {},
                                         .error = {},
                                         .signal = {},
                                         .version = {},
                                         .package = {},
                                         .missing_symbols = d.resolve(),
                                         .candidates = {}});
  report(piece);
  if (d.driver_version) {
    report_call("cuDriverGetVersion", {}, [&](CallProbe& call) {
      int version = 0;
      const auto status = d.driver_version(&version);
      call.value = version;
      return static_cast<int>(status);
    });
  }
  if (d.init == nullptr) return 0;
  if (report_call("cuInit", {}, [&](CallProbe&) { return static_cast<int>(d.init(0)); }) != 0)
    return 0;
  int count = 0;
  if (d.device_count == nullptr) return 0;
  report_call("cuDeviceGetCount", {}, [&](CallProbe& call) {
    const auto status = d.device_count(&count);
    call.value = count;
    return static_cast<int>(status);
  });
  Snapshot devices;
  for (int i = 0; i < count && i < 256; ++i) devices.devices.push_back(describe(d, i));
  report(devices);
  return 0;
}

}  // namespace gpucheck
