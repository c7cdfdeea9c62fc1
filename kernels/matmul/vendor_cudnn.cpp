#include "kernels/conv2d/vendor.hpp"
#include "kernels/matmul/vendor.hpp"

namespace gpucheck {

template <MatmulLayout layout>
Launch prepare_cudnn_matmul(const Case& c, const Buffers& b) {
  const MatmulConvolution m = matmul_convolution(layout, {c["m"], c["n"], c["k"]});
  void* const x = b.tensors[std::size_t(m.x)];
  void* const filter = b.tensors[std::size_t(m.filter)];
  void* const y = b.tensors[std::size_t(m.y)];
  return m.kind == MatmulConvolution::Kind::fprop ? cudnn_fprop(m.shape, x, filter, y, b)
                                                  : cudnn_wgrad(m.shape, x, y, filter, b);
}

template Launch prepare_cudnn_matmul<MatmulLayout::tn>(const Case&, const Buffers&);
template Launch prepare_cudnn_matmul<MatmulLayout::nn>(const Case&, const Buffers&);
template Launch prepare_cudnn_matmul<MatmulLayout::nt>(const Case&, const Buffers&);

}  // namespace gpucheck
