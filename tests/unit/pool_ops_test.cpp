#include <cmath>
#include <limits>

#include "kernels/max_pool/window.hpp"
#include "tests/unit/judged.hpp"

namespace gpucheck {
namespace {

const Op& pool() { return *find_op("max_pool"); }
const Op& pool_grad() { return *find_op("max_pool_grad"); }

enum class Mutant {
  none,
  reversed,  // Gradients of overlapping windows added in another order: right too.
  padding_is_zero,
  window_too_small,
  window_too_large,
  pad_ignored,
  layout_confused,
  last_maximum,
  every_maximum,
  only_one_window
};

/// Calls at(row, column) for the positions of a window that lie inside the input.
template <class At>
void each_position(const Case& c, std::int64_t row, std::int64_t column, Mutant mutant, At at) {
  const std::int64_t pad = mutant == Mutant::pad_ignored ? 0 : c["pad"];
  const std::int64_t size = c["window"] + (mutant == Mutant::window_too_small   ? -1
                                           : mutant == Mutant::window_too_large ? 1
                                                                                : 0);
  for (std::int64_t i = 0; i < size; ++i)
    for (std::int64_t j = 0; j < size; ++j) {
      const std::int64_t y = row * c["stride"] - pad + i, x = column * c["stride"] - pad + j;
      if (y >= 0 && y < c["h"] && x >= 0 && x < c["w"]) at(y, x);
    }
}

std::size_t offset(const Case& c, std::int64_t plane, std::int64_t row, std::int64_t column,
                   std::int64_t height, std::int64_t width, Mutant mutant) {
  const std::int64_t image = plane / c["c"], channel = plane % c["c"];
  const bool last = (c.layout == Layout::nhwc) != (mutant == Mutant::layout_confused);
  return std::size_t(last ? ((image * height + row) * width + column) * c["c"] + channel
                          : ((image * c["c"] + channel) * height + row) * width + column);
}

/// Calls window(plane, row, column) for every window.
template <class Window>
void each_window(const Case& c, bool reversed, Window window) {
  const std::int64_t out_h = (c["h"] + 2 * c["pad"] - c["window"]) / c["stride"] + 1;
  const std::int64_t out_w = (c["w"] + 2 * c["pad"] - c["window"]) / c["stride"] + 1;
  for (const std::size_t i : order(std::size_t(c["n"] * c["c"] * out_h * out_w), reversed)) {
    const std::int64_t at = std::int64_t(i);
    const std::int64_t plane = at / (out_h * out_w), row = at / out_w % out_h, column = at % out_w;
    window(plane, row, column, offset(c, plane, row, column, out_h, out_w, Mutant::none));
  }
}

Emulation pooled(Mutant mutant) {
  return [=](const Case& c, const std::vector<Values>& t) {
    Values y(std::size_t(pool().tensors(c)[1].elements()));
    each_window(
        c, false, [&](std::int64_t plane, std::int64_t row, std::int64_t column, std::size_t out) {
          float best = -std::numeric_limits<float>::infinity();
          std::int64_t seen = 0;
          each_position(c, row, column, mutant, [&](std::int64_t i, std::int64_t j) {
            best = std::max(best, float(t[0][offset(c, plane, i, j, c["h"], c["w"], mutant)]));
            ++seen;
          });
          if (mutant == Mutant::padding_is_zero && seen < c["window"] * c["window"])
            best = std::max(best, 0.0f);
          y[out] = best;
        });
    return std::vector<Values>{y};
  };
}

Emulation gradient(Mutant mutant) {
  return [=](const Case& c, const std::vector<Values>& t) {
    std::vector<float> dx(t[0].size());
    each_window(c, mutant == Mutant::reversed,
                [&](std::int64_t plane, std::int64_t row, std::int64_t column, std::size_t out) {
                  std::vector<std::size_t> winners;
                  each_position(c, row, column, mutant, [&](std::int64_t i, std::int64_t j) {
                    const std::size_t at = offset(c, plane, i, j, c["h"], c["w"], mutant);
                    if (t[0][at] == t[1][out]) winners.push_back(at);
                  });
                  if (winners.empty()) return;
                  if (mutant == Mutant::last_maximum) winners = {winners.back()};
                  if (mutant != Mutant::every_maximum) winners.resize(1);
                  for (const std::size_t at : winners)
                    dx[at] = float(t[2][out]) + (mutant == Mutant::only_one_window ? 0 : dx[at]);
                });
    return std::vector<Values>{Values(dx.begin(), dx.end())};
  };
}

TEST(MaxPoolOp, ReferenceIsThatOfAnotherImplementation) {
  expect_right(pool(), pooled(Mutant::none));
}

TEST(MaxPoolGradOp, BoundsHoldInBothOrders) {
  expect_right(pool_grad(), gradient(Mutant::none));
  expect_right(pool_grad(), gradient(Mutant::reversed));
}

TEST(MaxPoolOp, InputsCatchWrongWindows) {
  const std::pair<Mutant, const char*> mutants[] = {
      {Mutant::padding_is_zero, "padding counted as zero"},
      {Mutant::window_too_small, "window one too small"},
      {Mutant::window_too_large, "window one too large"},
      {Mutant::pad_ignored, "padding ignored"},
      {Mutant::layout_confused, "layouts confused"}};
  for (const auto& [mutant, text] : mutants) expect_caught(pool(), pooled(mutant), text);
}

TEST(MaxPoolGradOp, InputsCatchWrongRoutes) {
  const std::pair<Mutant, const char*> mutants[] = {
      {Mutant::last_maximum, "last maximum"},
      {Mutant::every_maximum, "every maximum"},
      {Mutant::only_one_window, "overlaps overwritten"},
      {Mutant::window_too_small, "window one too small"},
      {Mutant::window_too_large, "window one too large"},
      {Mutant::pad_ignored, "padding ignored"},
      {Mutant::layout_confused, "layouts confused"}};
  for (const auto& [mutant, text] : mutants) expect_caught(pool_grad(), gradient(mutant), text);
}

Case one_plane(std::string_view op, std::int64_t h, std::int64_t w, std::int64_t window,
               std::int64_t stride, std::int64_t pad) {
  return {.op = op,
          .dtype = Dtype::f64,
          .accumulator = Dtype::f64,
          .output = Dtype::f64,
          .shape = {{"n", 1},
                    {"c", 1},
                    {"h", h},
                    {"w", w},
                    {"window", window},
                    {"stride", stride},
                    {"pad", pad}},
          .layout = Layout::nchw};
}

TEST(MaxPoolGradReference, GoesToTheFirstOfEqualMaxima) {
  const Case c = one_plane("max_pool_grad", 2, 2, 2, 2, 0);
  EXPECT_EQ(pool_grad().reference(c, {{1, 3, 3, 3}, {3}, {5}})[0].values, (Values{0, 5, 0, 0}));
  const double lowest = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(pool_grad().reference(c, {Values(4, lowest), {lowest}, {5}})[0].values,
            (Values{5, 0, 0, 0}));
}

TEST(MaxPoolReference, LetsANanThrough) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(
      pool().reference(one_plane("max_pool", 2, 2, 2, 2, 0), {{1, nan, 2, 3}})[0].values[0]));
}

TEST(MaxPoolGradReference, IsTheDifferenceQuotientOfTheWeightedMaxima) {
  const Case c = one_plane("max_pool", 5, 6, 3, 2, 1);
  Values x(30);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(double(11 * i + 3));
  const Values y = pool().reference(c, {x})[0].values;
  Values dy(y.size());
  for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = std::cos(double(5 * i));
  const auto weighted = [&] {
    const Values now = pool().reference(c, {x})[0].values;
    double sum = 0;
    for (std::size_t i = 0; i < now.size(); ++i) sum += dy[i] * now[i];
    return sum;
  };
  const Values dx =
      pool_grad().reference(one_plane("max_pool_grad", 5, 6, 3, 2, 1), {x, y, dy})[0].values;
  constexpr double step = 1e-6;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double before = weighted();
    x[i] += step;
    EXPECT_NEAR(dx[i], (weighted() - before) / step, 1e-8) << i;
    x[i] -= step;
  }
}

}  // namespace
}  // namespace gpucheck
