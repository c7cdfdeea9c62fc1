#include "verify/numerics/judge.hpp"

#include <fmt/format.h>

#include <functional>

namespace gpucheck {
namespace {

/// Calls each(claim, elements) for every output.
void each_output(const Call& call, const std::vector<Elements>& outputs,
                 const std::function<void(const Claim&, const Elements&)>& each) {
  std::size_t output = 0;
  for (const Tensor& tensor : call.tensors) {
    if (tensor.role == Role::input) continue;
    const Expected& expected = call.expected[output];
    each({tensor, expected,
          bound_of(call.c, tensor, expected, call.provider, call.compute_capability)},
         outputs[output]);
    ++output;
  }
}

}  // namespace

Compared compare_outputs(const Call& call, const std::vector<Elements>& got) {
  Compared sum;
  each_output(call, got, [&](const Claim& claim, const Elements& elements) {
    const Compared part = compare(claim, elements.data());
    if (got.size() == 1) {
      sum = part;
    } else {
      merge(sum, part, claim.tensor.name);
    }
  });
  return sum;
}

SelfTest test_checker(const Call& call, const std::vector<Elements>& right) {
  SelfTest sum;
  each_output(call, right, [&](const Claim& claim, const Elements& elements) {
    merge(sum, self_test(claim, elements.data(), call.c.seed));
  });
  return sum;
}

void conclude(CaseResult& result, const Compared& compared, const SelfTest& test) {
  result.numbers = compared.numbers;
  if (compared.numbers.wrong > 0) {
    result.outcome = Outcome::failed;
    result.reason.clear();  // The numbers say it.
  } else if (!compared.untrusted.empty()) {
    result.outcome = Outcome::untrusted;
    result.reason = compared.untrusted;
  } else if (!test.missed.empty()) {
    result.outcome = Outcome::untrusted;
    result.reason =
        fmt::format("the checker missed planted faults: {}", fmt::join(test.missed, ", "));
  } else {
    result.outcome = Outcome::passed;
    result.reason.clear();
  }
}

}  // namespace gpucheck
