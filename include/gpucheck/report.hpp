#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/dtype.hpp"
#include "gpucheck/finding.hpp"
#include "gpucheck/measurement.hpp"
#include "gpucheck/op.hpp"
#include "gpucheck/outcome.hpp"
#include "gpucheck/snapshot.hpp"

namespace gpucheck {

/// One element that is not what it should be.
struct Mismatch {
  std::vector<std::int64_t> index;
  double expected = 0;
  double got = 0;
  std::uint64_t expected_bits = 0;
  std::uint64_t got_bits = 0;
};

/// What a comparison of outputs with their reference saw.
struct Comparison {
  std::uint64_t checked = 0;
  std::uint64_t wrong = 0;
  double worst = 0;  ///< Largest error as a multiple of the allowance: 1.0 is the limit.
  std::vector<Mismatch> mismatches;  ///< The first ten.
  std::string pattern;               ///< What the wrong elements have in common: "row 7".
  std::string hash;                  ///< xxh64 of the logical row-major output.
};

struct CaseResult {
  std::string id;  ///< op/implementation/dtype/shape/inputs; unique together with `device`.
  std::string op;
  Provider provider = Provider::reference;
  std::string implementation;
  Dtype dtype = Dtype::f32;
  std::optional<int> device;  ///< Empty: the CPU.
  Inputs inputs = Inputs::real;
  Outcome outcome = Outcome::not_run;
  std::string reason;  ///< Never empty for not_run, not_applicable, error and untrusted.
  std::string note;    ///< What else is worth saying: "loss 2.3026 -> 1.9871, reference 1.9871".
  std::vector<std::string> by_reference;  ///< Ops of a workload that its provider has not: the
                                          ///< float64 reference computed them, uncounted.
  Comparison numbers;
  double seconds = 0;
  std::string repro;  ///< The command line that reruns only this case.
};

/// A case that was not asked or did not run, and why.
struct Omission {
  std::string id;
  std::optional<int> device;
  std::string reason;
};

enum class Status { passed, failed, not_verified, slow };

constexpr std::string_view name(Status status) {
  switch (status) {
    case Status::passed: return "passed";
    case Status::failed: return "failed";
    case Status::not_verified: return "not_verified";
    case Status::slow: return "slow";
  }
  return "";
}

struct Verdict {
  Status status = Status::not_verified;
  int exit_code = 2;
  int asked = 0;
  int ran = 0;
  int passed = 0;
  std::vector<Omission> not_run;
  std::vector<Omission> not_applicable;
};

/// Wall time of one phase of a run.
struct Phase {
  std::string name;
  double seconds = 0;
};

/// The program that made a report, and how it was called.
struct Program {
  std::string version;
  BuiltWith built_with;
  std::vector<std::string> arguments;
  std::map<std::string, std::string>
      test_hooks;  ///< Variables GPUCHECK_TEST_* and GPUCHECK_ROOT that were set.
};

struct Report {
  Program program;
  bool simulated = false;
  Snapshot snapshot;
  std::vector<Finding> findings;
  std::vector<CaseResult> cases;
  std::vector<Measurement> measurements;
  std::vector<Phase> phases;
  Verdict verdict;
};

}  // namespace gpucheck
