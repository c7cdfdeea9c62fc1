#include "verify/workload/all_reduce.hpp"

#include <cassert>
#include <chrono>
#include <cmath>

#include "kernels/device/nccl.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

const Nccl& opened_nccl() {
  const Result<Nccl>& library = nccl();
  if (!library) throw NotRun("NCCL: " + library.error().what);
  return *library;
}

}  // namespace

Expected expected_mean(const std::vector<Values>& ranks) {
  const double count = double(ranks.size());
  // count - 1 additions, and a scaling before or after them.
  Expected mean{.values = Values(ranks[0].size()),
                .magnitudes = Values(ranks[0].size()),
                .roundings = count + 1};
  for (const Values& values : ranks)
    for (std::size_t i = 0; i < values.size(); ++i) {
      mean.values[i] += values[i] / count;
      mean.magnitudes[i] += std::abs(values[i]) / count;
    }
  return mean;
}

Communicators::Communicators(const std::vector<std::unique_ptr<Replica>>& replicas)
    : replicas_(replicas) {
  std::vector<int> devices;
  for (const auto& replica : replicas) {
    assert(replica->device() != nullptr);
    devices.push_back(replica->device()->index);
  }
  communicators_.resize(devices.size());
  require(opened_nccl().comm_init_all(communicators_.data(), int(devices.size()), devices.data()));
}

Communicators::~Communicators() {
  for (ncclComm* communicator : communicators_)
    (*nccl()).comm_destroy(communicator);  // Nobody is left to tell.
}

void Communicators::enqueue(const std::string& from, const std::string& to, std::int64_t count) {
  const Nccl& library = opened_nccl();
  require(library.group_start());
  for (std::size_t rank = 0; rank < replicas_.size(); ++rank) {
    Replica& replica = *replicas_[rank];
    CUstream_st* stream = replica.place().stream();
    require(library.all_reduce(replica.placed(from, Dtype::f32, count).data(),
                               replica.placed(to, Dtype::f32, count).data(), std::size_t(count),
                               NcclDtype::f32, NcclOperation::average, communicators_[rank],
                               stream));
  }
  require(library.group_end());
  for (const auto& replica : replicas_) replica->place().synchronize();
}

void Communicators::average(const OpStep& step, StepRecord& record) {
  const std::string &from = step.tensors[0], &to = step.tensors[1];
  const std::int64_t count = step.c["n"];
  std::vector<Values> held;
  for (const auto& replica : replicas_) {
    held.push_back(replica->seen(from));
    replica->place();
    replica->placed(to, Dtype::f32, count).poison();
  }
  const auto start = std::chrono::steady_clock::now();
  enqueue(from, to, count);
  record.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const std::vector<Tensor> tensors = {{from, Dtype::f32, {count}, Role::input},
                                       {to, Dtype::f32, {count}, Role::output}};
  const std::vector<Expected> expected = {expected_mean(held)};
  for (const auto& replica : replicas_) {
    const std::vector<Elements> outputs = {replica->read(to)};
    const Call call{step.c, tensors, expected, Provider::vendor, replica->device()->cc};
    merge(record.compared, compare_outputs(call, outputs),
          to + " of rank " + std::to_string(replica->rank()));
    if (record.trespass.empty()) record.trespass = replica->placed(to, Dtype::f32, count).overrun();
  }
}

}  // namespace gpucheck
