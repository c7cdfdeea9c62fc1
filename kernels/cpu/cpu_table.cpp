#include "kernels/device/cpu_module.hpp"

namespace gpucheck {

namespace onednn {
std::string description();
}
std::string openblas_description();

Launch matmul_onednn(const Case&, const Buffers&);
Launch matmul_openblas(const Case&, const Buffers&);
Launch conv2d_fprop_onednn(const Case&, const Buffers&);
Launch conv2d_dgrad_onednn(const Case&, const Buffers&);
Launch conv2d_wgrad_onednn(const Case&, const Buffers&);
Launch bias_onednn(const Case&, const Buffers&);
Launch relu_onednn(const Case&, const Buffers&);
Launch relu_grad_onednn(const Case&, const Buffers&);
Launch max_pool_onednn(const Case&, const Buffers&);
Launch max_pool_grad_onednn(const Case&, const Buffers&);
Launch sum_onednn(const Case&, const Buffers&);
Launch bias_grad_onednn(const Case&, const Buffers&);
Launch softmax_xent_onednn(const Case&, const Buffers&);
Launch softmax_xent_grad_onednn(const Case&, const Buffers&);

namespace {

constexpr CpuImplementation implementations[] = {
    {"matmul_tn", "onednn", matmul_onednn},
    {"matmul_nn", "onednn", matmul_onednn},
    {"matmul_nt", "onednn", matmul_onednn},
    {"matmul_tn", "openblas", matmul_openblas},
    {"matmul_nn", "openblas", matmul_openblas},
    {"matmul_nt", "openblas", matmul_openblas},
    {"conv2d_fprop", "onednn", conv2d_fprop_onednn},
    {"conv2d_dgrad", "onednn", conv2d_dgrad_onednn},
    {"conv2d_wgrad", "onednn", conv2d_wgrad_onednn},
    {"bias", "onednn", bias_onednn},
    {"relu", "onednn", relu_onednn},
    {"relu_grad", "onednn", relu_grad_onednn},
    {"max_pool", "onednn", max_pool_onednn},
    {"max_pool_grad", "onednn", max_pool_grad_onednn},
    {"sum", "onednn", sum_onednn},
    {"bias_grad", "onednn", bias_grad_onednn},
    {"softmax_xent", "onednn", softmax_xent_onednn},
    {"softmax_xent_grad", "onednn", softmax_xent_grad_onednn},
};

constexpr CpuModule module{
    .interface = cpu_module_interface,
    .case_bytes = sizeof(Case),
    .implementations = implementations,
    .description = [] { return onednn::description() + "; " + openblas_description(); }};

}  // namespace
}  // namespace gpucheck

/// The one thing gpucheck_cpu.so exports.
extern "C" [[gnu::visibility("default")]] const gpucheck::CpuModule* gpucheck_cpu_module() {
  return &gpucheck::module;
}
