#pragma once

#include <span>

#include "verify/worker/task.hpp"

namespace gpucheck {

/// Children that misbehave; they exist in this test program only.
std::span<const Task> test_tasks();

}  // namespace gpucheck
