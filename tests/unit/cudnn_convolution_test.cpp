#include "kernels/conv2d/cudnn_convolution.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/conv2d/problem.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

// Calls visit(x offset, filter offset, y offset) for every product of the convolution, by cuDNN's
// definition: y[n, k, p, q] += x[n, c, p u + r d - pad, q u + s d - pad] w[k, c, r, s], per group.
template <class Visit>
void each_product(const CudnnConvolutionShape& s, Visit visit) {
  const bool last = s.format == CudnnFormat::nhwc;
  for (int n = 0; n < s.y.n; ++n)
    for (int k = 0; k < s.k; ++k)
      for (int p = 0; p < s.y.h; ++p)
        for (int q = 0; q < s.y.w; ++q)
          for (int c = 0; c < s.c; ++c)
            for (int r = 0; r < s.r; ++r)
              for (int t = 0; t < s.s; ++t) {
                const int h = p * s.stride + r * s.dilation - s.pad,
                          w = q * s.stride + t * s.dilation - s.pad;
                if (h < 0 || h >= s.x.h || w < 0 || w >= s.x.w) continue;
                const int channel = k / (s.k / s.groups) * s.c + c;
                const int x =
                    n * s.x.n_stride + channel * s.x.c_stride + h * s.x.h_stride + w * s.x.w_stride;
                const int filter = last ? ((k * s.r + r) * s.s + t) * s.c + c
                                        : ((k * s.c + c) * s.r + r) * s.s + t;
                visit(std::size_t(x), std::size_t(filter),
                      std::size_t(n * s.y.n_stride + k * s.y.c_stride + p * s.y.h_stride +
                                  q * s.y.w_stride));
              }
}

std::vector<Values> counted(const std::vector<Tensor>& tensors) {
  std::vector<Values> all;
  for (const Tensor& tensor : tensors) {
    Values values(tensor.role == Role::input ? std::size_t(tensor.elements()) : 0);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = double((i * (3 + all.size())) % 5) - 2;
    all.push_back(values);
  }
  return all;
}

// Each shape once, and none that takes the naive loops long.
bool asked(const Op& op, const Case& c) {
  return c.dtype == Dtype::f32 && c.inputs == Inputs::exact && op.work(c).flops < 2e6;
}

Values computed(const CudnnConvolutionShape& shape, std::string_view kind,
                const std::vector<Values>& in, std::int64_t elements) {
  Values out(std::size_t(elements), 0);
  each_product(shape, [&](std::size_t x, std::size_t filter, std::size_t y) {
    if (kind == "conv2d_fprop") out[y] += in[0][x] * in[1][filter];
    if (kind == "conv2d_dgrad") out[x] += in[0][y] * in[1][filter];
    if (kind == "conv2d_wgrad") out[filter] += in[0][x] * in[1][y];
  });
  return out;
}

TEST(CudnnConvolution, DescribesEveryCaseOfTheThreeOps) {
  int seen = 0;
  for (const std::string_view name : {"conv2d_fprop", "conv2d_dgrad", "conv2d_wgrad"}) {
    const Op* op = find_op(name);
    ASSERT_NE(op, nullptr);
    for (const Case& c : op->cases()) {
      if (!asked(*op, c)) continue;
      const std::vector<Tensor> tensors = op->tensors(c);
      const std::vector<Values> in = counted(tensors);
      const CudnnConvolutionShape shape = cudnn_convolution_shape(c.dtype, c.layout, conv2d_of(c));
      EXPECT_EQ(computed(shape, name, in, tensors[2].elements()), op->reference(c, in)[0].values)
          << name << " " << op->shape_text(c);
      ++seen;
    }
  }
  EXPECT_GE(seen, 50);
}

TEST(CudnnConvolution, ComputesTheMatmulsToo) {
  const std::pair<std::string_view, MatmulLayout> layouts[] = {{"matmul_tn", MatmulLayout::tn},
                                                               {"matmul_nn", MatmulLayout::nn},
                                                               {"matmul_nt", MatmulLayout::nt}};
  for (const auto& [name, layout] : layouts) {
    const Op* op = find_op(name);
    ASSERT_NE(op, nullptr);
    for (const Case& c : op->cases()) {
      if (!asked(*op, c)) continue;
      const std::vector<Tensor> tensors = op->tensors(c);
      std::vector<Values> in = counted(tensors);
      const Values expected = op->reference(c, in)[0].values;
      const MatmulConvolution m = matmul_convolution(layout, {c["m"], c["n"], c["k"]});
      in[2].assign(expected.size(), 0);
      Values &x = in[std::size_t(m.x)], &filter = in[std::size_t(m.filter)],
             &y = in[std::size_t(m.y)];
      each_product(m.shape, [&](std::size_t i, std::size_t j, std::size_t k) {
        if (m.kind == MatmulConvolution::Kind::fprop) y[k] += x[i] * filter[j];
        if (m.kind == MatmulConvolution::Kind::wgrad) filter[j] += x[i] * y[k];
      });
      EXPECT_EQ(in[2], expected) << name << " " << op->shape_text(c);
    }
  }
}

TEST(CudnnStatus, TellsWhatTheLibraryLacksFromWhatTheMachineLacks) {
  EXPECT_TRUE(not_supported(CudnnStatus(9)));      // CUDNN_STATUS_NOT_SUPPORTED of cuDNN 8
  EXPECT_TRUE(not_supported(CudnnStatus(3000)));   // and of cuDNN 9
  EXPECT_TRUE(not_supported(CudnnStatus(3003)));   // ..._DATA_TYPE
  EXPECT_FALSE(not_supported(CudnnStatus(3005)));  // ..._INCOMPATIBLE_CUDA_DRIVER
  EXPECT_FALSE(not_supported(CudnnStatus(3009)));  // ..._SUBLIBRARY_UNAVAILABLE
  EXPECT_FALSE(not_supported(CudnnStatus(0)));
  EXPECT_FALSE(not_supported(CudnnStatus(1001)));
  EXPECT_FALSE(not_supported(CudnnStatus(5000)));
}

}  // namespace
}  // namespace gpucheck
