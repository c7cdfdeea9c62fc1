#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// Averages a tensor over the ranks: not an op of one device, so not in all_ops().
inline constexpr std::string_view all_reduce_mean = "all_reduce_mean";

/// One call in a training step: a case, and the network's tensors it works on in the order of
/// Op::tensors.
struct OpStep {
  Case c;
  std::vector<std::string> tensors;
};

/// A value by which a reduced precision gives itself away.
struct Fingerprint {
  double value = 0;
  double tolerance = 0;
  std::string meaning;
};

/// What a tensor must hold at the end of a training step.
struct Expectation {
  std::string tensor;
  Values values;      ///< One per element, or one for all.
  Values tolerances;  ///< Absolute; likewise.
  std::vector<Fingerprint> fingerprints;
  int rank = -1;  ///< -1: the same on every rank.
};

struct TrainingStep {
  std::vector<OpStep> ops;
  std::vector<Expectation> expected;
};

/// A training run as data. Tensors are those its ops name; those with no initial value are outputs
/// of an op first.
struct Network {
  std::string name;
  int ranks = 1;
  std::map<std::string, std::function<Values(int rank)>> initial;
  std::vector<TrainingStep> steps;
  std::string
      loss;  ///< Tensor whose first element, times loss_scale, is the loss; empty: not shown.
  double loss_scale = 1;
};

/// `ulps` units in the last place of `value` as an f32.
double f32_ulps(double value, double ulps = 1);

/// run_check's workloads (reference numbers in docs) and our convolution net, for as many ranks as
/// they are asked.
Network network_a();
Network network_b();
Network network_c(int ranks);
Network network_d(int ranks);
Network network_e();

/// By letter, with `ranks` where it matters.
Network network(char letter, int ranks);

/// What workload D must give, in float64 straight from its formulas.
struct ExpectedD {
  Values losses;              ///< Per rank.
  Values dw1, db1, dw2, db2;  ///< Averaged over ranks.
  Values w1, b1, w2, b2;      ///< After the Adam step.
};
ExpectedD expected_d(int ranks);

}  // namespace gpucheck
