#include "kernels/cpu/steps.hpp"
#include "kernels/matmul/problem.hpp"

namespace gpucheck {

Launch matmul_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const MatmulShape shape = matmul_shape(c);
    const MatrixStrides a = strides_of_a(matmul_layout(c), shape);
    const MatrixStrides b = strides_of_b(matmul_layout(c), shape);
    const auto input = onednn::data_type(c.dtype), output = onednn::data_type(c.output);
    using Desc = dnnl::memory::desc;
    const onednn::Plain in_a{Desc({shape.m, shape.k}, input, {a.row, a.column}),
                             buffers.tensors[0]};
    const onednn::Plain in_b{Desc({shape.k, shape.n}, input, {b.row, b.column}),
                             buffers.tensors[1]};
    const onednn::Plain out{Desc({shape.m, shape.n}, output, {shape.n, 1}), buffers.tensors[2]};
    const auto description = onednn::describe<dnnl::matmul>(in_a.desc, in_b.desc, out.desc);
    onednn::Steps steps(buffers);
    steps.add(dnnl::matmul(description), {{DNNL_ARG_SRC, steps.input(in_a, in_a.desc)},
                                          {DNNL_ARG_WEIGHTS, steps.input(in_b, in_b.desc)},
                                          {DNNL_ARG_DST, steps.output(out, out.desc)}});
    return steps.finish();
  });
}

}  // namespace gpucheck
