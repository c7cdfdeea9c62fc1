#pragma once

#include <string>
#include <vector>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

/// unknown: not probed, which is never "ok".
enum class SetupState { ok, info, warning, error, unknown };

constexpr std::string_view name(SetupState state) {
  switch (state) {
    case SetupState::ok: return "ok";
    case SetupState::info: return "info";
    case SetupState::warning: return "warn";
    case SetupState::error: return "error";
    case SetupState::unknown: return "unknown";
  }
  return "";
}

/// One line of the screen's "Set-up" block.
struct SetupRow {
  SetupState state = SetupState::unknown;
  std::string name;  ///< "cuDNN".
  std::string text;  ///< "9.19.0, 7 of 7 sublibraries".
  std::string path;
};

/// Driver, CUDA runtime, cuBLAS, cuDNN and NCCL, as far as they are known.
std::vector<SetupRow> setup_rows(const Snapshot& snapshot);

}  // namespace gpucheck
