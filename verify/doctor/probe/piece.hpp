#pragma once

#include <functional>
#include <string_view>

#include "gpucheck/snapshot.hpp"
#include "verify/worker/child.hpp"

namespace gpucheck {

// A child reports pieces of a snapshot, one JSON line each, and says before a call what it is about
// to do. So a child that crashes or hangs leaves its earlier facts and the name of the call that
// ended it.

/// In a child: writes a piece.
void report(const Snapshot& piece);

/// In a child: announces a call, makes it, and reports code, time and what `call` filled in
/// besides.
int report_call(std::string_view api, std::optional<int> device,
                const std::function<int(CallProbe&)>& call);

/// In the parent: the pieces of a child as one, with the call it died in. `variant` marks its
/// calls. `cut` says why the child was ended for no fault of its own; usually empty.
Snapshot gathered(const ChildResult& result, std::string_view variant = "",
                  std::string_view cut = "");

/// Adds a piece to a snapshot: lists are appended; what CUDA and NVML say of one device becomes
/// one, and a device that only NVML lists stays marked as not visible to CUDA.
void add(Snapshot& snapshot, Snapshot&& piece);

}  // namespace gpucheck
