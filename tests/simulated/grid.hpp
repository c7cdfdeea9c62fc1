#pragma once

#include <gtest/gtest.h>

#include "tests/simulated/run_kernel.hpp"

namespace gpucheck {

/// Each test once for each order of threads and blocks.
class InEveryOrder : public testing::TestWithParam<simt::Order> {
 protected:
  void SetUp() override { simt::settings().order = GetParam(); }
  void TearDown() override { simt::settings().order = simt::Order::forward; }
};

}  // namespace gpucheck
