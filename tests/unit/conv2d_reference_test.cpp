#include <gtest/gtest.h>

#include "kernels/conv2d/problem.hpp"
#include "kernels/ops.hpp"
#include "tests/unit/naive.hpp"

namespace gpucheck {
namespace {

const char* const convolutions[] = {"conv2d_fprop", "conv2d_dgrad", "conv2d_wgrad"};

Case conv_case(std::string_view op, std::vector<std::int64_t> sizes, Layout layout = Layout::nhwc) {
  const std::string_view names[] = {"n", "c",   "h",      "w",        "k",     "r",
                                    "s", "pad", "stride", "dilation", "groups"};
  Case c{.op = op, .layout = layout};
  for (std::size_t i = 0; i < sizes.size(); ++i) c.shape.push_back({names[i], sizes[i]});
  return c;
}

void expect_like_naive(const Case& c) {
  const Op& op = *find_op(c.op);
  const std::vector<Values> inputs = random_inputs(op, c);
  const NaiveSums naive = naive_conv2d(op, c, inputs);
  const Expected fast = op.reference(c, inputs).at(0);
  ASSERT_EQ(fast.values.size(), naive.values.size());
  ASSERT_EQ(fast.magnitudes.size(), naive.values.size());
  EXPECT_EQ(fast.roundings, double(op.terms(c)) * rounded_errors);
  std::int64_t most_terms = 0;
  for (std::size_t i = 0; i < naive.values.size(); ++i) {
    // Two sums of up to so many terms in float64, each within as many roundings of the true one.
    const double allowed = 2 * fast.roundings * 0x1p-53 * naive.magnitudes[i];
    ASSERT_NEAR(fast.values[i], naive.values[i], allowed)
        << c.op << op.shape_text(c) << " at " << i;
    ASSERT_NEAR(fast.magnitudes[i], naive.magnitudes[i], allowed)
        << c.op << op.shape_text(c) << " at " << i;
    most_terms = std::max(most_terms, naive.terms[i]);
  }
  // No sum may be longer than the bound and the range of exact inputs count on.
  EXPECT_LE(most_terms, op.terms(c)) << c.op << op.shape_text(c);
}

TEST(Conv2dReference, IsTheDefinitionOnEveryShapeOfVerify) {
  for (const char* const name : convolutions)
    for (const Case& c : find_op(name)->cases())
      if (c.dtype == Dtype::f32 && c.inputs == Inputs::real && c["h"] < 28) expect_like_naive(c);
}

TEST(Conv2dReference, IsTheDefinitionOnShapesAtTheEdgeOfSense) {
  for (const char* const name : convolutions)
    for (const Layout layout : {Layout::nhwc, Layout::nchw}) {
      expect_like_naive(conv_case(name, {1, 2, 3, 3, 2, 3, 3, 4, 1, 1, 1},
                                  layout));  // Pads more than it reaches.
      expect_like_naive(
          conv_case(name, {2, 2, 9, 8, 4, 2, 1, 0, 5, 1, 2}, layout));  // Skips most inputs.
      expect_like_naive(conv_case(name, {1, 3, 11, 12, 3, 3, 2, 3, 3, 4, 3}, layout));
      expect_like_naive(conv_case(name, {7, 1, 1, 1, 1, 3, 3, 1, 2, 1, 1}, layout));
    }
}

// The three are parts of one bilinear form f = sum of dy * conv(x, filter): each gradient is its
// derivative.
TEST(Conv2dReference, GradientsAreFiniteDifferences) {
  const std::vector<std::int64_t> sizes = {2, 4, 7, 6, 6, 3, 2, 1, 2, 2, 2};
  const Case fprop = conv_case("conv2d_fprop", sizes);
  const Op& op = *find_op("conv2d_fprop");
  std::vector<Values> inputs = random_inputs(op, fprop);
  const Values dy = random_values(op.tensors(fprop)[2].elements(), 9);
  const auto form = [&] {
    const Expected y = op.reference(fprop, inputs)[0];
    double sum = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) sum += dy[i] * y.values[i];
    return sum;
  };
  const Values dx = find_op("conv2d_dgrad")
                        ->reference(conv_case("conv2d_dgrad", sizes), {dy, inputs[1]})[0]
                        .values;
  const Values dw = find_op("conv2d_wgrad")
                        ->reference(conv_case("conv2d_wgrad", sizes), {inputs[0], dy})[0]
                        .values;
  for (const auto& [which, gradient] : {std::pair{0, &dx}, {1, &dw}}) {
    ASSERT_EQ(gradient->size(), inputs[which].size());
    for (std::size_t i = 0; i < gradient->size(); i += 5) {
      double& value = inputs[which][i];
      const double before = value;
      // The form is linear in each value, so that a step of one has no error but rounding.
      value = before + 1;
      const double after_step = form();
      value = before;
      EXPECT_NEAR(after_step - form(), (*gradient)[i], 1e-11) << (which == 0 ? "dx " : "dw ") << i;
    }
  }
}

TEST(Conv2dReference, AsksForNoMagnitudesOfExactData) {
  for (const char* const name : convolutions) {
    Case c = conv_case(name, {1, 2, 3, 3, 2, 3, 3, 1, 1, 1, 1});
    c.inputs = Inputs::exact;
    EXPECT_TRUE(
        find_op(name)->reference(c, random_inputs(*find_op(name), c))[0].magnitudes.empty());
  }
}

TEST(Conv2d, NamesItsShape) {
  const Case c = conv_case("conv2d_fprop", {8, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1});
  EXPECT_EQ(find_op(c.op)->shape_text(c), "n8c64h56w56k64r3s3_p1s1d1g1_nhwc");
  EXPECT_EQ(find_op(c.op)->work(c).flops, 2.0 * 8 * 56 * 56 * 64 * 64 * 9);
}

TEST(Conv2dIndex, OutputsAndInputsOfATapAreInverse) {
  for (const std::int64_t stride : {1, 2, 3})
    for (const std::int64_t dilation : {1, 2})
      for (const std::int64_t pad : {0, 1, 3}) {
        const Conv2d conv =
            conv2d_of(conv_case("conv2d_fprop", {1, 1, 13, 9, 1, 3, 2, pad, stride, dilation, 1}));
        int met_from_outputs = 0, met_from_inputs = 0;
        for (std::int64_t tap = 0; tap < conv.r; ++tap) {
          for (std::int64_t out = 0; out < conv.out_h(); ++out) {
            const std::int64_t in = conv.input_of(out, tap);
            if (in < 0 || in >= conv.h) continue;
            ++met_from_outputs;
            EXPECT_EQ(conv.output_of(in, tap, conv.out_h()), out);
          }
          for (std::int64_t in = 0; in < conv.h; ++in)
            met_from_inputs += conv.output_of(in, tap, conv.out_h()) >= 0;
        }
        EXPECT_EQ(met_from_outputs, met_from_inputs);
        EXPECT_GT(met_from_outputs, 0);
      }
}

TEST(Conv2dIndex, OffsetsAndIndicesAreInverseInBothLayouts) {
  constexpr std::int64_t n = 2, h = 3, w = 5, c = 7;
  static_assert(offset_of({1, 2, 4, 6}, nhwc(h, w, c)) == n * h * w * c - 1);
  static_assert(offset_of({0, 0, 1, 0}, nhwc(h, w, c)) == c &&
                offset_of({0, 0, 1, 0}, nchw(h, w, c)) == 1);
  for (const ImageStrides strides : {nhwc(h, w, c), nchw(h, w, c)})
    for (std::int64_t offset = 0; offset < n * h * w * c; ++offset) {
      const ImageIndex at = at_offset(offset, strides, h, w, c);
      EXPECT_TRUE(at.n < n && at.h < h && at.w < w && at.c < c);
      EXPECT_EQ(offset_of(at, strides), offset);
    }
}

}  // namespace
}  // namespace gpucheck
