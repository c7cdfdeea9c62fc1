#include "verify/numerics/run_case.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>

#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"
#include "verify/numerics/timing.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;

/// Host memory as a place of its own, whose clock ticks as the tests want it.
double seconds_per_call = 1e-3;
const Place place{
    .name = "test",
    .allocate = [](std::size_t bytes) -> void* { return std::malloc(bytes); },
    .release = [](void* memory) { std::free(memory); },
    .copy_in = [](void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); },
    .copy_out = [](void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); },
    .fill = [](void* to, int byte, std::size_t bytes) { std::memset(to, byte, bytes); },
    .stream = []() -> CUstream_st* { return nullptr; },
    .synchronize = [] {},
    .seconds =
        [](const Launch& launch, int repeats) {
          for (int i = 0; i < repeats; ++i) launch(nullptr);
          return seconds_per_call;
        },
    .forbid = [](void*, std::size_t) {},
    .permit = [](void*, std::size_t) {}};

/// y = 2 x over m x n floats: as an op of the test, so that its implementation can be any fault.
std::vector<Tensor> tensors(const Case& c) {
  return {{"x", Dtype::f32, {c["m"], c["n"]}, Role::input},
          {"y", Dtype::f32, {c["m"], c["n"]}, Role::output}};
}

/// Small integers, zero among them.
bool fill(const Case&, std::size_t, Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = double(i % 7) - 3;
  return true;
}

std::vector<Expected> reference(const Case&, const std::vector<Values>& values) {
  Expected y{.values = values[0]};
  for (double& value : y.values) value *= 2;
  return {y};
}

const Op twice{
    .name = "twice",
    .formula = "y = 2 x",
    .tensors = tensors,
    .shape_text = joined_shape,
    .cases = nullptr,
    .fill = fill,
    .terms = [](const Case&) { return std::int64_t{1}; },
    .reference = reference,
    .work = [](const Case& c) { return Work{.flops = double(c["m"] * c["n"]), .bytes = 1}; },
    .implementations = {}};

const Case problem{.op = "twice", .shape = {{"m", 24}, {"n", 40}}, .inputs = Inputs::exact};

using Body = void (*)(float* x, float* y, std::size_t count);

Body body = nullptr;  // What the implementation under test does.

Launch prepare(const Case& c, const Buffers& buffers) {
  auto* x = static_cast<float*>(buffers.tensors[0]);
  auto* y = static_cast<float*>(buffers.tensors[1]);
  return [=, count = std::size_t(c["m"] * c["n"])](CUstream_st*) { body(x, y, count); };
}

void right(float* x, float* y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) y[i] = 2 * x[i];
}

CaseRun run(Body under_test, RunOptions options = {}) {
  body = under_test;
  return run_case(twice, {"test", Provider::cpu, nullptr, prepare}, problem, place, options);
}

TEST(RunCase, ARightResultPasses) {
  const CaseResult result = run(right).result;
  EXPECT_EQ(result.outcome, Outcome::passed) << result.reason;
  EXPECT_EQ(result.id, "twice/test/f32/m24n40/exact");
  EXPECT_EQ(result.numbers.checked, 960u);
  EXPECT_EQ(result.reason, "");
  EXPECT_EQ(result.note, "");
  EXPECT_EQ(result.repro,
            "gpucheck verify --only twice/test/f32/m24n40/exact --device cpu --seed 1");
}

TEST(RunCase, AnUnwrittenTailIsFound) {
  const CaseResult result =
      run([](float* x, float* y, std::size_t count) { right(x, y, count - 3); }).result;
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(result.numbers.wrong, 3u);
  EXPECT_THAT(result.numbers.pattern, HasSubstr("unwritten"));
}

TEST(RunCase, AResultOnlyOfTheFirstCallIsFoundStale) {
  static int calls;
  calls = 0;
  const CaseResult result = run([](float* x, float* y, std::size_t count) {
                              if (calls++ == 0) right(x, y, count);
                            }).result;
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.numbers.pattern, HasSubstr("unwritten, every element"));
}

TEST(RunCase, WritesOutsideTheTensorsAreFound) {
  const CaseResult past = run([](float* x, float* y, std::size_t count) {
                            right(x, y, count);
                            y[count] = 0;
                          }).result;
  EXPECT_EQ(past.outcome, Outcome::failed);
  EXPECT_THAT(past.reason, HasSubstr("y: 4 bytes written after its end"));
  const CaseResult before = run([](float* x, float* y, std::size_t count) {
                              right(x, y, count);
                              x[-1] = 0;
                            }).result;
  EXPECT_THAT(before.reason, HasSubstr("x: 4 bytes written before its start"));
}

TEST(RunCase, AChangedInputIsFound) {
  const CaseResult result = run([](float* x, float* y, std::size_t count) {
                              right(x, y, count);
                              x[5] += 1;
                            }).result;
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.reason, HasSubstr("input x was changed"));
}

TEST(RunCase, WrongElementsAreNamed) {
  const CaseResult result = run([](float* x, float* y, std::size_t count) {
                              right(x, y, count);
                              for (std::size_t column = 0; column < 40; ++column)
                                y[7 * 40 + column] += 1;
                            }).result;
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(result.numbers.wrong, 40U);
  EXPECT_EQ(result.numbers.pattern, "row 7");
  EXPECT_EQ(result.numbers.mismatches.at(0).index, (std::vector<std::int64_t>{7, 0}));
}

TEST(RunCase, DifferentBitsFromEqualInputsAreNoted) {
  static int calls;
  calls = 0;
  const CaseResult result = run([](float* x, float* y, std::size_t count) {
                              right(x, y, count);
                              for (std::size_t i = 0; i < count; ++i)
                                if (y[i] == 0 && calls % 2 == 1) y[i] = -0.0F;
                              ++calls;
                            }).result;
  EXPECT_EQ(result.outcome, Outcome::passed);
  EXPECT_THAT(result.note, HasSubstr("not deterministic"));
}

template <class Error>
CaseResult thrown(const Error& error, const Device* device = nullptr) {
  static const Error* what;
  what = &error;
  const Implementation throws{"test", Provider::vendor, nullptr,
                              [](const Case&, const Buffers&) -> Launch { throw *what; }};
  return run_case(twice, throws, problem, place, {.device = device}).result;
}

TEST(RunCase, WhatIsThrownBecomesTheOutcome) {
  EXPECT_EQ(thrown(CudaError(719, "launch failure")).outcome, Outcome::error);
  EXPECT_EQ(thrown(CudaError(719, "launch failure")).reason, "launch failure");
  EXPECT_EQ(thrown(LibraryError(7, "cublas")).outcome, Outcome::error);
  EXPECT_EQ(thrown(NotRun("no library")).outcome, Outcome::not_run);
  EXPECT_EQ(thrown(std::bad_alloc()).outcome, Outcome::not_run);
}

TEST(RunCase, OutOfMemoryIsAnErrorWhereTheDeviceClaimsPlenty) {
  Device device{.index = 3, .free_bytes = 100};
  const CudaError error(2, "cudaErrorMemoryAllocation");
  EXPECT_EQ(thrown(error, &device).outcome, Outcome::not_run);
  EXPECT_THAT(thrown(error, &device).reason, HasSubstr("GiB free"));
  device.free_bytes = 1 << 30;
  EXPECT_EQ(thrown(error, &device).outcome, Outcome::error);
  device.free_bytes.reset();
  EXPECT_EQ(thrown(error, &device).outcome, Outcome::not_run);
  EXPECT_THAT(thrown(error, &device).repro, HasSubstr("--device 3"));
}

TEST(RunCase, WithoutDeviceCodeNothingRuns) {
  const CaseResult result =
      run_case(twice, {"test", Provider::kernel, nullptr, nullptr}, problem, place, {}).result;
  EXPECT_EQ(result.outcome, Outcome::not_run);
  EXPECT_NE(result.reason, "");
}

TEST(RunCase, OnlyRightNumbersAreTimed) {
  const CaseRun good = run(right, {.timed = true});
  ASSERT_TRUE(good.measurement);
  EXPECT_EQ(good.measurement->verified, Outcome::passed);
  EXPECT_EQ(good.measurement->checked, 960u);
  EXPECT_EQ(good.measurement->median_seconds, seconds_per_call);
  EXPECT_FALSE(run([](float*, float*, std::size_t) {}, {.timed = true}).measurement);
}

TEST(RunCase, ProblemsAreMadeOnce) {
  Problems problems;
  EXPECT_EQ(problems.get(twice, problem), problems.get(twice, problem));
  Case other = problem;
  other.seed = 2;
  EXPECT_NE(problems.get(twice, problem), problems.get(twice, other));
}

TEST(Timing, IntervalIsOfOrderStatistics) {
  std::vector<double> samples;
  for (int i = 100; i >= 1; --i) samples.push_back(i);
  const Timing timing = summary(samples);
  EXPECT_EQ(timing.median_seconds, 50.5);
  // Ranks 40 and 61 of 100: Le Boudec's table.
  EXPECT_EQ(timing.low_seconds, 40);
  EXPECT_EQ(timing.high_seconds, 61);
  EXPECT_EQ(timing.samples, 100);
  EXPECT_EQ(summary({3, 1, 2}).median_seconds, 2);
  EXPECT_EQ(summary({3, 1, 2}).low_seconds, 1);
  EXPECT_EQ(summary({3, 1, 2}).high_seconds, 3);
}

}  // namespace
}  // namespace gpucheck
