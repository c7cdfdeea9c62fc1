#pragma once

#include <memory>
#include <vector>

#include "verify/workload/replica.hpp"

namespace gpucheck {

/// NCCL communicators over the devices of some replicas.
class Communicators {
 public:
  /// Opens NCCL; throws NotRun where it cannot be.
  explicit Communicators(const std::vector<std::unique_ptr<Replica>>& replicas);
  ~Communicators();
  Communicators(const Communicators&) = delete;
  Communicators& operator=(const Communicators&) = delete;

  /// Averages step.tensors[0] over the ranks into step.tensors[1] of each, and compares it with the
  /// float64 mean.
  void average(const OpStep& step, StepRecord& record);

 private:
  void enqueue(const std::string& from, const std::string& to, std::int64_t count);

  const std::vector<std::unique_ptr<Replica>>& replicas_;
  std::vector<struct ncclComm*> communicators_;
};

/// Mean over ranks of what they hold, and the bound of a ring that adds and scales in f32.
Expected expected_mean(const std::vector<Values>& ranks);

}  // namespace gpucheck
