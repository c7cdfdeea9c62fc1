#include "kernels/conv2d/reference.hpp"

#include "kernels/conv2d/patches.hpp"
#include "kernels/conv2d/problem.hpp"
#include "kernels/matmul/product.hpp"
#include "kernels/ops.hpp"
#include "kernels/threads.hpp"

namespace gpucheck {
namespace {

struct Axis {
  std::int64_t count, stride;
};

// Offsets of all combinations of three indices, the last one fastest.
Offsets combined(Axis first, Axis second, Axis third) {
  Offsets offsets;
  offsets.reserve(first.count * second.count * third.count);
  for (std::int64_t i = 0; i < first.count; ++i)
    for (std::int64_t j = 0; j < second.count; ++j)
      for (std::int64_t k = 0; k < third.count; ++k)
        offsets.push_back(i * first.stride + j * second.stride + k * third.stride);
  return offsets;
}

// Exact data rounds nothing, so that no magnitude is asked for.
Expected expected_of(const Case& c, std::int64_t elements, std::int64_t terms) {
  Expected expected{.values = Values(elements), .roundings = double(terms) * rounded_errors};
  if (c.inputs == Inputs::real) expected.magnitudes.resize(elements);
  return expected;
}

Destination into(Expected& expected, Offsets rows, Offsets columns, std::int64_t origin) {
  return {std::move(rows), std::move(columns), expected.values.data() + origin,
          expected.magnitudes.empty() ? nullptr : expected.magnitudes.data() + origin};
}

// (n, out_h, out_w) and (r, s, group_c): the patches of the padded input.
Offsets patches(const Conv2d& conv, ImageStrides image) {
  return combined({conv.n, image.n}, {conv.out_h(), image.h * conv.stride},
                  {conv.out_w(), image.w * conv.stride});
}

Offsets patch_elements(const Conv2d& conv, ImageStrides image) {
  return combined({conv.r, image.h * conv.dilation}, {conv.s, image.w * conv.dilation},
                  {conv.group_c(), image.c});
}

}  // namespace

// y (n out_h out_w, k) = patches of x (n out_h out_w, r s c) * filter (r s c, k), group by group.
std::vector<Expected> conv2d_fprop_reference(const Case& c, const std::vector<Values>& tensors) {
  const Conv2d conv = conv2d_of(c);
  const PaddedImage x = padded_input(conv, tensors[0]);
  Expected y = expected_of(c, conv.n * conv.y.n, conv.r * conv.s * conv.group_c());
  for (std::int64_t g = 0; g < conv.groups; ++g)
    product(
        {&x.data[g * conv.group_c()], patches(conv, x.strides), patch_elements(conv, x.strides)},
        {&tensors[1][g * conv.group_k() * conv.filter.n],
         combined({conv.r, conv.filter.h}, {conv.s, conv.filter.w},
                  {conv.group_c(), conv.filter.c}),
         strided(conv.group_k(), conv.filter.n)},
        into(y, combined({conv.n, conv.y.n}, {conv.out_h(), conv.y.h}, {conv.out_w(), conv.y.w}),
             strided(conv.group_k(), conv.y.c), g * conv.group_k() * conv.y.c),
        processors());
  return {std::move(y)};
}

// dx (n h w, c) = patches of the spread dy (n h w, r s k) * filter (r s k, c); a later tap meets an
// earlier output.
std::vector<Expected> conv2d_dgrad_reference(const Case& c, const std::vector<Values>& tensors) {
  const Conv2d conv = conv2d_of(c);
  const PaddedImage dy = spread_gradient(conv, tensors[0]);
  Expected dx = expected_of(c, conv.n * conv.x.n, conv.r * conv.s * conv.group_k());
  for (std::int64_t g = 0; g < conv.groups; ++g)
    product({&dy.data[dy.origin + g * conv.group_k()],
             combined({conv.n, dy.strides.n}, {conv.h, dy.strides.h}, {conv.w, dy.strides.w}),
             combined({conv.r, -dy.strides.h * conv.dilation},
                      {conv.s, -dy.strides.w * conv.dilation}, {conv.group_k(), dy.strides.c})},
            {&tensors[1][g * conv.group_k() * conv.filter.n],
             combined({conv.r, conv.filter.h}, {conv.s, conv.filter.w},
                      {conv.group_k(), conv.filter.n}),
             strided(conv.group_c(), conv.filter.c)},
            into(dx, combined({conv.n, conv.x.n}, {conv.h, conv.x.h}, {conv.w, conv.x.w}),
                 strided(conv.group_c(), conv.x.c), g * conv.group_c() * conv.x.c),
            processors());
  return {std::move(dx)};
}

// dfilter (k, r s c) = dy (k, n out_h out_w) * patches of x (n out_h out_w, r s c).
std::vector<Expected> conv2d_wgrad_reference(const Case& c, const std::vector<Values>& tensors) {
  const Conv2d conv = conv2d_of(c);
  const PaddedImage x = padded_input(conv, tensors[0]);
  const Values& dy = tensors[1];
  Expected dfilter = expected_of(c, conv.k * conv.filter.n, conv.n * conv.out_h() * conv.out_w());
  for (std::int64_t g = 0; g < conv.groups; ++g)
    product(
        {&dy[g * conv.group_k() * conv.y.c], strided(conv.group_k(), conv.y.c),
         combined({conv.n, conv.y.n}, {conv.out_h(), conv.y.h}, {conv.out_w(), conv.y.w})},
        {&x.data[g * conv.group_c()], patches(conv, x.strides), patch_elements(conv, x.strides)},
        into(dfilter, strided(conv.group_k(), conv.filter.n),
             combined({conv.r, conv.filter.h}, {conv.s, conv.filter.w},
                      {conv.group_c(), conv.filter.c}),
             g * conv.group_k() * conv.filter.n),
        processors());
  return {std::move(dfilter)};
}

}  // namespace gpucheck
