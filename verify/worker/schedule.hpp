#pragma once

#include <functional>

#include "verify/worker/case_protocol.hpp"
#include "verify/worker/process.hpp"

namespace gpucheck {

struct ScheduleOptions {
  std::vector<Device> devices;
  std::uint64_t seed = 1;
  Clock::time_point until =
      Clock::time_point::max();  ///< Of the whole run: what has not run by then is not_run.
  std::function<void(const Unit&)> starting;  ///< Before each unit; may be empty.
  std::string task = "cases";                 ///< Row of the worker's table.
};

/// Runs all units in one worker process per Unit::group. The workers start together, to open their
/// libraries and contexts at the same time, and compute one after another, so that none disturbs
/// another's timing. Every case of every unit comes out of `sink` as exactly one result at least:
/// what a crash, a hang or an interrupt cost says so.
void run_units(const std::vector<Unit>& units, const ScheduleOptions& options, const Sink& sink);

/// A result without numbers for a case of the unit that has none: op, implementation and the like
/// are read from its id.
CaseResult result_without_numbers(const Unit& unit, const std::string& id, Outcome outcome,
                                  std::string reason, std::uint64_t seed = 1);

}  // namespace gpucheck
