#include "kernels/cpu/steps.hpp"

namespace gpucheck {
namespace {

dnnl::memory::desc vector_of(const Case& c) {
  return {{c["n"]}, onednn::data_type(c.dtype), dnnl::memory::format_tag::a};
}

}  // namespace

Launch relu_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const dnnl::memory::desc desc = vector_of(c);
    onednn::Steps steps(buffers);
    steps.add(dnnl::eltwise_forward(onednn::describe_relu(desc)),
              {{DNNL_ARG_SRC, steps.input({desc, buffers.tensors[0]}, desc)},
               {DNNL_ARG_DST, steps.output({desc, buffers.tensors[1]}, desc)}});
    return steps.finish();
  });
}

Launch relu_grad_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const dnnl::memory::desc desc = vector_of(c);
    onednn::Steps steps(buffers);
    steps.add(dnnl::eltwise_backward(onednn::describe_relu_gradient(desc)),
              {{DNNL_ARG_DST, steps.input({desc, buffers.tensors[0]}, desc)},
               {DNNL_ARG_DIFF_DST, steps.input({desc, buffers.tensors[1]}, desc)},
               {DNNL_ARG_DIFF_SRC, steps.output({desc, buffers.tensors[2]}, desc)}});
    return steps.finish();
  });
}

}  // namespace gpucheck
