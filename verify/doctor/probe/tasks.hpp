#pragma once

#include <span>
#include <string>

namespace gpucheck {

// Probes that run in a child, each a row of probe_tasks(); they report pieces of a snapshot.
using Arguments = std::span<const std::string>;

int probe_nodes_task(Arguments arguments);
int probe_library_task(Arguments arguments);  ///< Opens the name given.
int probe_nvml_task(Arguments arguments);
int probe_driver_task(Arguments arguments);
int probe_runtime_task(Arguments arguments);
int probe_cublas_task(Arguments arguments);
int probe_cublaslt_task(Arguments arguments);
int probe_cudnn_task(Arguments arguments);  ///< With "create": also a handle, which needs a GPU.
int probe_nccl_task(Arguments arguments);
int probe_nvrtc_task(Arguments arguments);

}  // namespace gpucheck
