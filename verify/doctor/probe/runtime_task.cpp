#include "kernels/device/runtime_calls.hpp"
#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/tasks.hpp"

namespace gpucheck {

int probe_runtime_task(Arguments) {
  const RuntimeCalls* runtime = runtime_calls();
  if (runtime == nullptr) return 0;
  report_call("cudaDriverGetVersion", {}, [&](CallProbe& call) {
    int version = 0;
    const int code = runtime->driver_version(&version);
    call.value = version;
    return code;
  });
  int count = 0;  // Not written by the runtime where it fails.
  const int code = report_call("cudaGetDeviceCount", {}, [&](CallProbe& call) {
    const int status = runtime->device_count(&count);
    call.value = count;
    return status;
  });
  if (code != 0) return 0;
  for (int i = 0; i < count; ++i) {
    Snapshot piece;
    Device device;
    if (runtime->describe(i, device) == 0) piece.devices.push_back(std::move(device));
    report(piece);
    bool equal = false;
    const int copied = report_call("cudaMalloc", i, [&](CallProbe& call) {
      const int status = runtime->round_trip(i, equal);
      if (status == 0) call.value = equal ? 1 : 0;
      return status;
    });
    if (copied != 0) continue;
    Snapshot launched;
    LaunchProbe launch{.device = i, .kernel = "probe", .code = {}, .binary_version = {}};
    report_call("kernelLaunch", i, [&](CallProbe& call) {
      const int status = runtime->launch(launch, equal);
      if (status == 0) call.value = equal ? 1 : 0;
      return status;
    });
    launched.launches.push_back(launch);
    report(launched);
  }
  return 0;
}

}  // namespace gpucheck
