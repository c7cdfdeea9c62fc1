#include <gmock/gmock.h>

#include "verify/worker/task.hpp"

// The probe starts this program again for its children.
int main(int argc, char** argv) {
  if (const auto code = gpucheck::run_task(argc, argv)) return *code;
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
