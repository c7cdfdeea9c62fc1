// What `gpucheck` reaches by opening the vendor's library, and gpucheck-simulated by a stand-in.

#include "kernels/device/nccl.hpp"

namespace gpucheck {

const Result<Nccl>& nccl() {
  static const Result<Nccl> library = open_nccl();
  return library;
}

}  // namespace gpucheck
