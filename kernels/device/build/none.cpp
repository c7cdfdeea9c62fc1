#include "kernels/device/build.hpp"

namespace gpucheck {

BuiltWith built_with() { return {}; }

bool is_simulated() { return false; }

}  // namespace gpucheck
