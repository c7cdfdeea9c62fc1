#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "kernels/ops.hpp"
#include "verify/workload/all_reduce.hpp"
#include "verify/workload/checker_test.hpp"
#include "verify/workload/expectation.hpp"
#include "verify/workload/run_network.hpp"

namespace gpucheck {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<CaseResult> run(const Network& network, std::string_view flavour) {
  std::vector<CaseResult> results;
  run_network({"workload/" + network.name + "/" + std::string(flavour) + "/f32",
               network,
               *find_flavour(flavour),
               {nullptr}},
              [&](const CaseResult& result) { results.push_back(result); });
  return results;
}

TEST(Workloads, TheReferenceGivesRunChecksNumbers) {
  for (const char letter : {'A', 'B', 'C', 'D', 'E'}) {
    const Network net = network(letter, 1);
    const std::vector<CaseResult> results = run(net, "reference");
    ASSERT_EQ(results.size(), letter == 'E' ? 10u : 1u);
    for (const CaseResult& result : results) {
      EXPECT_EQ(result.outcome, Outcome::passed) << result.id << ": " << result.reason;
      EXPECT_GT(result.numbers.checked, 0u);
    }
  }
}

TEST(Workloads, IdsAndRecordsAgree) {
  const Network net = network_e();
  const std::vector<CaseResult> results = run(net, "reference");
  std::vector<std::string> ids;
  for (const CaseResult& result : results) ids.push_back(result.id);
  EXPECT_EQ(ids, step_ids("workload/E/reference/f32", net));
  EXPECT_EQ(ids[2], "workload/E/reference/f32/step3");
  EXPECT_EQ(results[2].repro,
            "gpucheck verify --only workload/E/reference/f32/step3 --device cpu --seed 1");
  EXPECT_EQ(results[9].note, "loss 2.3188 -> 0.33184, reference 0.33184");
}

/// The table of run_check's workload D by number of devices.
struct TableRow {
  int ranks;
  double db2, dw2[4], absolute_dw1, first_dw1, last_dw1;
};
constexpr TableRow table[] = {{1,
                               -0.1046875,
                               {-0.143261719, 0.230078125, 0.170361328, -0.150146484},
                               7.46484375,
                               -0.133203125,
                               0.0666015625},
                              {2,
                               -0.3703125,
                               {0.146362305, -0.0225830078, 0.0843017578, -0.383374023},
                               8.25585938,
                               0.0935546875,
                               -0.0467773437},
                              {4,
                               -0.01796875,
                               {0.162902832, -0.253771973, 0.45970459, -0.403100586},
                               11.8233398,
                               -0.172119141,
                               0.0860595703},
                              {8,
                               -0.103710938,
                               {0.154156494, -0.257757568, 0.423138428, -0.444689941},
                               10.6976074,
                               -0.133520508,
                               0.0667602539}};

TEST(WorkloadD, FormulasGiveTheTable) {
  for (const TableRow& row : table) {
    const ExpectedD d = expected_d(row.ranks);
    EXPECT_NEAR(d.db2[0], row.db2, 1e-8);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(d.dw2[k], row.dw2[k], 1e-8);
    const double absolute = std::accumulate(d.dw1.begin(), d.dw1.end(), 0.0,
                                            [](double sum, double g) { return sum + std::abs(g); });
    EXPECT_NEAR(absolute, row.absolute_dw1, 1e-7);
    EXPECT_NEAR(d.dw1.front(), row.first_dw1, 1e-9);
    EXPECT_NEAR(d.dw1.back(), row.last_dw1, 1e-9);
  }
}

TEST(WorkloadD, LossesOfEightRanks) {
  const double losses[] = {0.088079834, 0.403753662, 1.31317749,  0.663323975,
                           0.182489014, 0.436303711, 0.919909668, 0.634082031};
  const ExpectedD d = expected_d(8);
  for (std::size_t rank = 0; rank < 8; ++rank) EXPECT_NEAR(d.losses[rank], losses[rank], 1e-8);
}

Expectation expectation_of(const Network& network, const std::string& tensor) {
  for (const Expectation& expectation : network.steps.back().expected)
    if (expectation.tensor == tensor) return expectation;
  ADD_FAILURE() << "nothing is expected of " << tensor;
  return {};
}

TEST(WorkloadD, AWeightWhoseGradientIsZeroMustNotMove) {
  for (const int ranks : {1, 2, 4, 8}) {
    const ExpectedD d = expected_d(ranks);
    const Expectation w1 = expectation_of(network_d(ranks), "W1");
    const Expectation dw1 = expectation_of(network_d(ranks), ranks > 1 ? "mean dW1" : "dW1");
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < d.dw1.size(); ++i) {
      if (d.dw1[i] != 0) continue;
      ++zeros;
      Values weights = d.w1, gradients = d.dw1;
      weights[i] += 1e-3;
      gradients[i] += 1e-9;
      EXPECT_EQ(check(w1, weights).numbers.wrong, 1u) << i;
      EXPECT_EQ(check(dw1, gradients).numbers.wrong, 1u) << i;
    }
    EXPECT_EQ(zeros, 20u);  // Of the two columns with w2 = 0.
    EXPECT_EQ(check(w1, d.w1).numbers.wrong, 0u);
  }
}

TEST(WorkloadD, NoWeightMayStepTheWrongWayOrByHalf) {
  for (const int ranks : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const Network net = network_d(ranks);
    const ExpectedD d = expected_d(ranks);
    for (const auto& [tensor, gradient, after] :
         {std::tuple{"W1", d.dw1, d.w1}, {"b1", d.db1, d.b1}, {"W2", d.dw2, d.w2}}) {
      const Expectation expectation = expectation_of(net, tensor);
      for (const double share : {0.5, 2.0}) {
        Values held = after;
        std::size_t moved = 0;
        for (std::size_t i = 0; i < held.size(); ++i) {
          if (gradient[i] == 0) continue;
          held[i] += std::copysign(share * 1e-3, gradient[i]);
          ++moved;
        }
        EXPECT_EQ(check(expectation, held).numbers.wrong, moved) << tensor << ' ' << ranks;
      }
    }
  }
}

double f32_of(std::uint32_t bits) { return double(std::bit_cast<float>(bits)); }

TEST(WorkloadA, AcceptsTheThreeBitPatternsOfAnF32Sum) {
  const Expectation out = expectation_of(network_a(), "out");
  for (const std::uint32_t bits : {0x403fffffu, 0x40400000u, 0x40400001u})
    EXPECT_EQ(check(out, {f32_of(bits)}).numbers.wrong, 0u);
  for (const std::uint32_t bits : {0x403ffffeu, 0x40400002u})
    EXPECT_EQ(check(out, {f32_of(bits)}).numbers.wrong, 1u);
}

TEST(WorkloadA, NamesReducedPrecision) {
  const Expectation out = expectation_of(network_a(), "out");
  EXPECT_THAT(check(out, {2.999267578125}).numbers.pattern, HasSubstr("TF32"));
  EXPECT_THAT(check(out, {3.0029296875}).numbers.pattern, HasSubstr("bf16"));
  EXPECT_THAT(check(out, {2.5}).numbers.pattern, testing::Not(HasSubstr("TF32")));
  EXPECT_EQ(check(out, {std::nan("")}).numbers.wrong, 1u);
}

TEST(WorkloadA, AcceptsEitherRoundingOfY) {
  const Expectation y = expectation_of(network_a(), "Y");
  for (const std::uint32_t bits : {0x3f333333u, 0x3f333334u}) {
    Values held(6, f32_of(0x3e99999a));
    for (std::size_t i = 3; i < 6; ++i) held[i] = f32_of(bits);
    EXPECT_EQ(check(y, held).numbers.wrong, 0u);
    held[5] = f32_of(0x3f333332);
    EXPECT_EQ(check(y, held).numbers.wrong, 1u);
  }
}

TEST(WorkloadB, UpdatedParametersAreHeldToOneUlpAndGradientsToTheBit) {
  const Network net = network_b();
  const Expectation w = expectation_of(net, "W"), dw = expectation_of(net, "dW");
  EXPECT_EQ(check(w, Values(8, f32_of(0x3eff7cef))).numbers.wrong, 0u);
  EXPECT_EQ(check(w, Values(8, f32_of(0x3eff7cf0))).numbers.wrong, 8u);
  EXPECT_EQ(check(dw, {4, 4, 4, 4, 6, 6, 6, 6}).numbers.wrong, 0u);
  EXPECT_EQ(check(dw, {4, 4, 4, 4, 6, 6, 6, 6 + 1e-6}).numbers.wrong, 1u);
}

TEST(WorkloadC, StepsToTheTable) {
  const Expectation w = expectation_of(network_c(1), "W");
  Values held(3, f32_of(0x3d75c290));
  held.insert(held.end(), 3, f32_of(0x3d23d70b));
  EXPECT_EQ(check(w, held).numbers.wrong, 0u);
  EXPECT_EQ(check(w, Values(6, 0.1)).numbers.wrong, 6u);
}

/// Every tensor is of one size and made before it is used, or has an initial value.
TEST(Workloads, AreWellFormed) {
  for (const char letter : {'A', 'B', 'C', 'D', 'E'})
    for (const int ranks : {1, 2, 8}) {
      const Network net = network(letter, ranks);
      std::map<std::string, std::int64_t> sizes;
      std::set<std::string> made;
      for (const auto& [tensor, values] : net.initial) {
        made.insert(tensor);
        sizes[tensor] = std::int64_t(values(0).size());
      }
      for (const TrainingStep& step : net.steps) {
        for (const OpStep& op_step : step.ops) {
          if (op_step.c.op == all_reduce_mean) {
            EXPECT_GT(net.ranks, 1);
            sizes[op_step.tensors[1]] = op_step.c["n"];
            made.insert(op_step.tensors[1]);
            continue;
          }
          const Op* op = find_op(op_step.c.op);
          ASSERT_NE(op, nullptr) << op_step.c.op;
          const std::vector<Tensor> tensors = op->tensors(op_step.c);
          ASSERT_EQ(tensors.size(), op_step.tensors.size()) << op_step.c.op;
          for (std::size_t i = 0; i < tensors.size(); ++i) {
            const std::string& tensor = op_step.tensors[i];
            if (tensors[i].role == Role::output) {
              made.insert(tensor);
              sizes.emplace(tensor, tensors[i].elements());
            }
            EXPECT_TRUE(made.contains(tensor)) << tensor;
            EXPECT_EQ(sizes[tensor], tensors[i].elements()) << tensor;
          }
        }
        for (const Expectation& expectation : step.expected) {
          EXPECT_TRUE(made.contains(expectation.tensor)) << expectation.tensor;
          for (const Values& values : {expectation.values, expectation.tolerances})
            EXPECT_TRUE(values.size() == 1 ||
                        std::int64_t(values.size()) == sizes[expectation.tensor]);
        }
      }
    }
}

TEST(AllReduce, TheMeanIsOfAllRanksAndItsBoundHoldsInF32) {
  const Expected mean = expected_mean({{1, -2}, {3, 0.5}, {0.1, 0.2}});
  EXPECT_THAT(mean.values, ElementsAre(DoubleNear(4.1 / 3, 1e-15), DoubleNear(-1.3 / 3, 1e-15)));
  const float sum = ((1.0F + 3.0F) + 0.1F) * (1.0F / 3);
  EXPECT_LE(std::abs(double(sum) - mean.values[0]),
            mean.roundings * std::ldexp(1, -24) * mean.magnitudes[0]);
}

TEST(Workloads, AWrongStepFailsAndIsNamed) {
  Network net = network_c(1);
  for (OpStep& op : net.steps[0].ops)
    for (Parameter& parameter : op.c.parameters)
      if (parameter.name == "lr") parameter.value = 0.02;
  const CaseResult result = run(net, "reference").front();
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.numbers.pattern, HasSubstr("W: not what the workload's table says"));
}

TEST(Workloads, AfterAnErrorTheRestIsNotRun) {
  Network net = network_e();
  net.steps[1].ops[0].c.op = "no_such_op";
  std::vector<CaseResult> results;
  net.loss.clear();
  run_network({"workload/E/reference/f32", net, *find_flavour("reference"), {nullptr}},
              [&](const CaseResult& result) { results.push_back(result); });
  EXPECT_EQ(results[0].outcome, Outcome::passed);
  EXPECT_EQ(results[1].outcome, Outcome::not_run);
  EXPECT_THAT(results[1].reason, HasSubstr("no_such_op"));
  EXPECT_THAT(results[9].reason, HasSubstr("step 2 did not end"));
}

TEST(CheckerTest, CatchesAllItPlants) {
  const CaseResult result = run_checker_test(1);
  EXPECT_EQ(result.outcome, Outcome::passed) << result.reason;
  EXPECT_GT(result.numbers.checked, 300u);
  EXPECT_EQ(result.numbers.wrong, 0u);
  EXPECT_THAT(result.note, HasSubstr("planted faults caught"));
}

}  // namespace
}  // namespace gpucheck
