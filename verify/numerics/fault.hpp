#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "verify/numerics/compare.hpp"

namespace gpucheck {

/// How many of the faults planted in copies of a right result the comparison caught.
struct SelfTest {
  int planted = 0;
  int caught = 0;
  std::vector<std::string> missed;

  /// "43 of 43 planted faults caught".
  std::string text() const;
};

/// The comparison under test; a faulty one proves in the tests that the self-test can fail.
using Comparer = Compared (*)(const Claim&, const void*);

void merge(SelfTest& into, const SelfTest& part);

/// Plants faults in copies of a block of `right`, which passed, and compares each as the result
/// itself was: flipped bits, NaN, infinity, zeroed, stale and transposed tiles, swapped pairs, rows
/// off by one, unwritten tails, scaled values. A fault that changes nothing, or nothing by more
/// than the allowance, is drawn again.
SelfTest self_test(const Claim& claim, const void* right, std::uint64_t seed,
                   Comparer comparer = compare);

}  // namespace gpucheck
