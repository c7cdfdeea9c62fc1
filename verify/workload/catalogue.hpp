#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gpucheck/op.hpp"

namespace gpucheck {

/// One case and who is asked to solve it.
struct AskedCase {
  const Op* op;
  const Implementation* implementation;
  Case c;
};

/// How large the throughput rows are: a real GPU needs more work than a CPU (or a simulated GPU)
/// can bear.
enum class Load { small, large };

/// Matmul and convolution in f32 and bf16, whose throughput is shown: their shapes are not among
/// Op::cases.
std::vector<Case> throughput_cases(Load load);

/// The case of that id among all ops and the throughput rows.
std::optional<AskedCase> find_case(std::string_view id);

}  // namespace gpucheck
