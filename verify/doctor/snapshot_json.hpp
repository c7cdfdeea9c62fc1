#pragma once

#include <string>

#include "gpucheck/result.hpp"
#include "gpucheck/snapshot.hpp"
#include "verify/report/json_reader.hpp"

namespace gpucheck {

inline constexpr std::string_view snapshot_schema = "gpucheck.snapshot/1";

/// Schema gpucheck.snapshot/1. What was not probed is left out.
Json snapshot_json(const Snapshot& snapshot);

/// Unknown keys are ignored; a value of the wrong type or out of range reads as "not probed".
Snapshot snapshot_from_json(const Json& json);

/// A saved snapshot, or that of a report. The error is one line that names the path.
Result<Snapshot> read_snapshot(const std::string& path);

/// A copy without home directories, host name, serial numbers and UUIDs; equal UUIDs stay equal.
Snapshot redacted(Snapshot snapshot);

}  // namespace gpucheck
