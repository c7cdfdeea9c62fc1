#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "verify/numerics/judge.hpp"
#include "verify/numerics/placed_tensor.hpp"
#include "verify/workload/flavour.hpp"
#include "verify/workload/network.hpp"

namespace gpucheck {

/// What a training step saw so far.
struct StepRecord {
  Compared compared;
  SelfTest self_test;
  std::string trespass;                ///< Guard bytes that were overwritten.
  std::set<std::string> by_reference;  ///< Ops that nobody else computes: they are not counted.
  double seconds = 0;
  bool plant_faults = false;
};

/// The tensors of one rank on its place, and what the place was last seen to hold in each.
class Replica {
 public:
  /// `device` null: the CPU.
  Replica(const Network& network, const Flavour& flavour, const Device* device, int rank);

  /// Runs one op and compares its outputs with the float64 reference of the inputs that stand on
  /// the place.
  void run(const OpStep& step, StepRecord& record);

  /// The tensor, made with its initial value at its first use.
  PlacedTensor& placed(const std::string& name, Dtype dtype, std::int64_t elements);
  /// What the place was last seen to hold.
  const Values& seen(const std::string& name) const { return seen_.at(name); }
  /// Reads the tensor and remembers what it holds.
  Elements read(const std::string& name);

  const Place& place() const;  ///< Makes the device current.
  const Device* device() const { return device_; }
  int rank() const { return rank_; }

 private:
  std::vector<Tensor> tensors_of(const Op& op, const OpStep& step);
  const Launch& launch(const Implementation& implementation, const OpStep& step,
                       const std::vector<Tensor>& tensors);

  const Network& network_;
  const Flavour& flavour_;
  const Device* device_;
  int rank_;
  std::map<std::string, std::unique_ptr<PlacedTensor>> placed_;
  std::map<std::string, Values> seen_;
  Workspaces workspaces_;
  std::map<std::string, Launch> launches_;  ///< Made once and used in every training step.
};

/// Initial values of a tensor, rounded to its dtype; empty where it has none.
Values initial_values(const Network& network, const std::string& tensor, Dtype dtype, int rank);

}  // namespace gpucheck
