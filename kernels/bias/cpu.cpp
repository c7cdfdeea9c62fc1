#include "kernels/cpu/steps.hpp"

namespace gpucheck {

Launch bias_onednn(const Case& c, const Buffers& buffers) {
  return onednn::guarded([&] {
    const std::int64_t m = c["m"], n = c["n"];
    const auto input = onednn::data_type(c.dtype), output = onednn::data_type(c.output);
    const onednn::Plain x{{{m, n}, input, dnnl::memory::format_tag::ab}, buffers.tensors[0]};
    const onednn::Plain b{{{1, n}, input, dnnl::memory::format_tag::ab}, buffers.tensors[1]};
    const onednn::Plain y{{{m, n}, output, dnnl::memory::format_tag::ab}, buffers.tensors[2]};
    const auto description =
        onednn::describe<dnnl::binary>(dnnl::algorithm::binary_add, x.desc, b.desc, y.desc);
    onednn::Steps steps(buffers);
    steps.add(dnnl::binary(description), {{DNNL_ARG_SRC_0, steps.input(x, x.desc)},
                                          {DNNL_ARG_SRC_1, steps.input(b, b.desc)},
                                          {DNNL_ARG_DST, steps.output(y, y.desc)}});
    return steps.finish();
  });
}

}  // namespace gpucheck
