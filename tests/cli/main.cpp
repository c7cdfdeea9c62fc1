#include <gtest/gtest.h>

#include "tests/cli/tasks.hpp"

int main(int argc, char** argv) {
  // The worker starts the running program again, so this one has to know the way too.
  if (const auto code = gpucheck::run_task(argc, argv, gpucheck::test_tasks())) return *code;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
