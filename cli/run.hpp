#pragma once

#include "cli/session.hpp"

namespace gpucheck {

/// What a run asks for, on the devices it finds: plan_workloads or plan_verify.
using Planner = Plan (*)(const std::vector<Device>&, const Selection&);

/// Probes the machine and computes on the CPU at the same time, then runs the plan on the GPUs.
/// Everything, the verdict included, is in session.report afterwards.
void run(Session& session, Planner planner);

}  // namespace gpucheck
