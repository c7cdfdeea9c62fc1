#include <cmath>
#include <limits>
#include <set>

#include "tests/unit/judged.hpp"

namespace gpucheck {
namespace {

/// y[i] = f(first input, second input or 0), in float.
template <class F>
Emulation elementwise(F f) {
  return [=](const Case&, const std::vector<Values>& t) {
    Values y(t[0].size());
    for (std::size_t i = 0; i < y.size(); ++i)
      y[i] = f(float(t[0][i]), t.size() > 2 ? float(t[1][i]) : 0.0f);
    return std::vector<Values>{y};
  };
}

TEST(ReluOp, ReferenceIsTheLargerOfElementAndZero) {
  expect_right(*find_op("relu"), elementwise([](float x, float) { return std::max(x, 0.0f); }));
}

TEST(ReluOp, InputsCatchWrongResults) {
  const Op& op = *find_op("relu");
  expect_caught(op, elementwise([](float x, float) { return x; }), "identity");
  expect_caught(op, elementwise([](float x, float) { return std::abs(x); }), "absolute value");
  expect_caught(op, elementwise([](float x, float) { return x > 0 ? x : 0.01f * x; }), "leaky");
  expect_caught(op, elementwise([](float x, float) { return std::min(std::max(x, 0.0f), 1.0f); }),
                "clipped at one");
}

TEST(ReluGradOp, ReferenceLetsThroughWhereTheOutputIsPositive) {
  expect_right(*find_op("relu_grad"),
               elementwise([](float y, float dy) { return y > 0 ? dy : 0; }));
}

TEST(ReluGradOp, InputsCatchWrongResults) {
  const Op& op = *find_op("relu_grad");
  expect_caught(op, elementwise([](float y, float dy) { return y >= 0 ? dy : 0; }),
                "lets through at zero");
  expect_caught(op, elementwise([](float y, float dy) { return std::signbit(y) ? 0 : dy; }),
                "tests the sign bit");
  expect_caught(op, elementwise([](float, float dy) { return dy > 0 ? dy : 0; }),
                "tests the gradient");
  expect_caught(op, elementwise([](float y, float dy) { return y > 0 ? y * dy : 0; }),
                "multiplies");
}

TEST(ReluOp, InputsHoldZerosOfBothSigns) {
  const Op& op = *find_op("relu");
  for (const Case& c : op.cases()) {
    if (c["n"] < 31) continue;
    std::set<bool> signs;
    const std::vector<Values> tensors = filled(op, c, op.tensors(c));
    for (const double x : tensors[0])
      if (x == 0) signs.insert(std::signbit(x));
    EXPECT_EQ(signs.size(), 2u) << text(op, c);
  }
}

TEST(ReluReference, KeepsANan) {
  const Values x = {std::numeric_limits<double>::quiet_NaN()};
  EXPECT_TRUE(std::isnan(
      find_op("relu")->reference({.op = "relu", .shape = {{"n", 1}}}, {x})[0].values[0]));
}

Emulation biased(std::size_t shift, bool by_rows) {
  return [=](const Case& c, const std::vector<Values>& t) {
    const std::size_t n = std::size_t(c["n"]);
    Values y(t[0].size());
    for (std::size_t i = 0; i < y.size(); ++i)
      y[i] = float(t[0][i]) + float(t[1][by_rows ? i / n % n : (i % n + shift) % n]);
    return std::vector<Values>{y};
  };
}

TEST(BiasOp, BoundsHoldAndInputsCatchAWrongIndex) {
  const Op& op = *find_op("bias");
  expect_right(op, biased(0, false));
  expect_caught(op, biased(1, false), "off by one");
  expect_caught(op, biased(0, true), "indexed by rows");
}

// Of every op: an id names one case, or one of two would never be seen to fail.
TEST(Ops, NoTwoCasesShareAnId) {
  for (const Op* op : all_ops()) {
    std::set<std::string> ids;
    for (const Case& c : op->cases()) EXPECT_TRUE(ids.insert(text(*op, c)).second) << text(*op, c);
  }
}

}  // namespace
}  // namespace gpucheck
