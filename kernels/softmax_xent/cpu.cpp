#include <algorithm>
#include <cmath>

#include "kernels/cpu/steps.hpp"

namespace gpucheck {
namespace {

dnnl::memory::desc desc_of(const Case& c, Dtype dtype) {
  return {{c["m"], c["n"]}, onednn::data_type(dtype), dnnl::memory::format_tag::ab};
}

const std::int32_t* labels_of(const Buffers& buffers) {
  return static_cast<const std::int32_t*>(buffers.tensors[1]);
}

float* floats_of(const dnnl::memory& memory) {
  return static_cast<float*>(memory.get_data_handle());
}

}  // namespace

// The largest p of a row is 1 / sum of exp(x - max), from which the loss follows without another
// exponential. oneDNN's own logarithm of softmax errs by 34 roundings at log 2 (2.6, AVX2).
Launch softmax_xent_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const auto f32 = desc_of(c, Dtype::f32);
    onednn::Steps steps(buffers);
    const dnnl::memory logits = steps.input({desc_of(c, c.dtype), buffers.tensors[0]}, f32);
    const dnnl::memory shares = steps.between(f32);
    steps.add(dnnl::softmax_forward(onednn::describe_softmax(f32)),
              {{DNNL_ARG_SRC, logits}, {DNNL_ARG_DST, shares}});
    return [m = c["m"], n = c["n"], x = floats_of(logits), p = floats_of(shares),
            labels = labels_of(buffers), loss = static_cast<float*>(buffers.tensors[2]),
            softmax = steps.finish()](CUstream_st* stream) {
      softmax(stream);
      for (std::int64_t row = 0; row < m; ++row) {
        const float *const first = x + row * n, *const max = std::max_element(first, first + n);
        loss[row] = (*max - first[labels[row]]) - std::log(p[max - x]);
      }
    };
  });
}

Launch softmax_xent_grad_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const auto f32 = desc_of(c, Dtype::f32);
    onednn::Steps before(buffers), after(buffers);
    const dnnl::memory gradient = after.output({desc_of(c, c.output), buffers.tensors[2]}, f32);
    before.add(dnnl::softmax_forward(onednn::describe_softmax(f32)),
               {{DNNL_ARG_SRC, before.input({desc_of(c, c.dtype), buffers.tensors[0]}, f32)},
                {DNNL_ARG_DST, gradient}});
    return [m = c["m"], n = c["n"], g = floats_of(gradient), labels = labels_of(buffers),
            softmax = before.finish(), copy_out = after.finish()](CUstream_st* stream) {
      softmax(stream);
      for (std::int64_t row = 0; row < m; ++row) g[row * n + labels[row]] -= 1;
      for (std::int64_t i = 0; i < m * n; ++i) g[i] /= float(m);
      copy_out(stream);
    };
  });
}

}  // namespace gpucheck
