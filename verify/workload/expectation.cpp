#include "verify/workload/expectation.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "kernels/convert.hpp"
#include "kernels/ops.hpp"
#include "verify/workload/replica.hpp"

namespace gpucheck {
namespace {

double at(const Values& values, std::size_t i) {
  return values.size() == 1 ? values[0] : values[i];
}

double multiple(double error, double tolerance) {
  if (error == 0) return 0;
  const double ratio = error / tolerance;
  return std::isnan(ratio) ? std::numeric_limits<double>::infinity() : ratio;
}

}  // namespace

Compared check(const Expectation& expectation, const Values& held) {
  assert(expectation.values.size() == 1 || expectation.values.size() == held.size());
  Compared result;
  Comparison& numbers = result.numbers;
  std::string meaning;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const double expected = at(expectation.values, i);
    const double error = multiple(std::abs(held[i] - expected), at(expectation.tolerances, i));
    ++numbers.checked;
    numbers.worst = std::max(numbers.worst, error);
    if (error <= 1) continue;
    ++numbers.wrong;
    numbers.mismatches.push_back({{std::int64_t(i)},
                                  expected,
                                  held[i],
                                  value_bits(Dtype::f32, expected),
                                  value_bits(Dtype::f32, held[i])});
    for (const Fingerprint& fingerprint : expectation.fingerprints)
      if (std::abs(held[i] - fingerprint.value) <= fingerprint.tolerance)
        meaning = ", " + fingerprint.meaning;
  }
  if (numbers.wrong > 0) numbers.pattern = "not what the workload's table says" + meaning;
  return result;
}

Values free_running_losses(const Network& network) {
  assert(network.ranks == 1);
  std::map<std::string, Values> values;
  Values losses;
  for (const TrainingStep& step : network.steps) {
    for (const OpStep& op_step : step.ops) {
      const Op& op = *find_op(op_step.c.op);
      const std::vector<Tensor> tensors = op.tensors(op_step.c);
      std::vector<Values> inputs(tensors.size());
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::string& tensor = op_step.tensors[i];
        if (tensors[i].role == Role::output) continue;
        const auto found = values.find(tensor);
        inputs[i] = found != values.end() ? found->second
                                          : initial_values(network, tensor, tensors[i].dtype, 0);
      }
      std::vector<Expected> outputs = op.reference(op_step.c, inputs);
      std::size_t output = 0;
      for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors[i].role != Role::input)
          values[op_step.tensors[i]] = std::move(outputs[output++].values);
    }
    losses.push_back(values.at(network.loss)[0] * network.loss_scale);
  }
  return losses;
}

}  // namespace gpucheck
