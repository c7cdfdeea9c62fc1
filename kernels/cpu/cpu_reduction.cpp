#include "kernels/cpu/reduction.hpp"

#include "kernels/cpu/steps.hpp"

namespace gpucheck::onednn {
namespace {

dnnl::memory::desc desc_of(std::int64_t m, std::int64_t n, Dtype dtype) {
  return {{m, n}, data_type(dtype), dnnl::memory::format_tag::ab};
}

}  // namespace

// In f32 whatever the inputs, for that is the accumulator the case asks for.
Launch sum_over_rows(const Case& c, const Buffers& buffers, const Rows& rows) {
  return guarded([&] {
    const auto [m, n] = rows;
    const auto many = desc_of(m, n, Dtype::f32), one = desc_of(1, n, Dtype::f32);
    Steps steps(buffers);
    const dnnl::memory x = steps.input({desc_of(m, n, c.dtype), buffers.tensors[0]}, many);
    const dnnl::memory sum = steps.output({desc_of(1, n, c.output), buffers.tensors[1]}, one);
    if (m == 1) {  // oneDNN takes this for a mistake, and not for a sum.
      steps.add(dnnl::reorder(x, sum), {{DNNL_ARG_FROM, x}, {DNNL_ARG_TO, sum}});
    } else {
      const auto description =
          describe<dnnl::reduction>(dnnl::algorithm::reduction_sum, many, one, 0.0f, 0.0f);
      steps.add(dnnl::reduction(description), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, sum}});
    }
    return steps.finish();
  });
}

}  // namespace gpucheck::onednn
