#include "kernels/device/nccl.hpp"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <memory>
#include <vector>

#include "kernels/device/simulated/device_memory.hpp"
#include "kernels/device/simulated/queue.hpp"

// The few functions of NCCL that an all-reduce within one process needs.

namespace {

struct Contribution {
  const void* send = nullptr;
  void* receive = nullptr;
  bool posted = false;
};

/// What the ranks of one communicator share.
struct Group {
  std::vector<Contribution> contributions;
  std::size_t posted = 0;
};

}  // namespace

struct ncclComm {
  std::shared_ptr<Group> group;
  int rank;
};

namespace gpucheck {
namespace {

constexpr NcclStatus success{0}, invalid_argument{4}, invalid_usage{5};

/// Of the communicators made here, so that a group that not all ranks joined is noticed.
std::vector<std::weak_ptr<Group>>& groups() {
  static std::vector<std::weak_ptr<Group>> groups;
  return groups;
}

NcclStatus version(int* code) {
  *code = 22000;  // 2.20.0.
  return success;
}

const char* error_string(NcclStatus status) {
  return status == success            ? "no error"
         : status == invalid_argument ? "invalid argument"
                                      : "invalid usage";
}

const char* last_error(NcclComm) { return "simulated NCCL"; }

NcclStatus unique_id(NcclUniqueId*) {
  return invalid_usage;
}  // Several processes are not simulated.

NcclStatus comm_init_rank(NcclComm*, int, NcclUniqueId, int) { return invalid_usage; }

NcclStatus comm_init_all(NcclComm* comms, int devices, const int*) {
  if (devices < 1) return invalid_argument;
  const auto group = std::make_shared<Group>();
  group->contributions.resize(std::size_t(devices));
  for (int rank = 0; rank < devices; ++rank) comms[rank] = new ncclComm{group, rank};
  groups().push_back(group);
  return success;
}

NcclStatus comm_destroy(NcclComm comm) {
  delete comm;
  return success;
}

NcclStatus comm_async_error(NcclComm, NcclStatus* error) {
  *error = success;
  return success;
}

template <class T>
void reduce(const std::vector<Contribution>& all, std::size_t count, NcclOperation operation) {
  std::vector<T> result(count), next(count);
  for (std::size_t rank = 0; rank < all.size(); ++rank) {
    simt::copy_memory(next.data(), all[rank].send, count * sizeof(T));
    for (std::size_t i = 0; i < count; ++i)
      result[i] = rank ? T(double(result[i]) + double(next[i])) : next[i];
  }
  if (operation == NcclOperation::average)
    for (T& value : result) value = T(double(value) / double(all.size()));
  for (const Contribution& one : all)
    simt::copy_memory(one.receive, result.data(), count * sizeof(T));
}

void (*reduction(NcclDtype dtype))(const std::vector<Contribution>&, std::size_t, NcclOperation) {
  switch (dtype) {
    case NcclDtype::s32: return reduce<int>;
    case NcclDtype::f16: return reduce<__half>;
    case NcclDtype::f32: return reduce<float>;
    case NcclDtype::f64: return reduce<double>;
    case NcclDtype::bf16: return reduce<__nv_bfloat16>;
  }
  return nullptr;
}

NcclStatus all_reduce(const void* send, void* receive, std::size_t count, NcclDtype dtype,
                      NcclOperation operation, NcclComm comm, CUstream_st*) {
  if (operation != NcclOperation::sum && operation != NcclOperation::average)
    return invalid_argument;
  Group& group = *comm->group;
  Contribution& mine = group.contributions[std::size_t(comm->rank)];
  if (mine.posted) return invalid_usage;
  mine = {send, receive, true};
  if (++group.posted < group.contributions.size()) return success;
  simt::enqueue([all = group.contributions, count, operation, run = reduction(dtype)] {
    run(all, count, operation);
  });
  for (Contribution& one : group.contributions) one.posted = false;
  group.posted = 0;
  return success;
}

NcclStatus broadcast(const void*, void*, std::size_t, NcclDtype, int, NcclComm, CUstream_st*) {
  return invalid_usage;
}

NcclStatus group_start() { return success; }

NcclStatus group_end() {
  for (const auto& weak : groups())
    if (const auto group = weak.lock(); group && group->posted) return invalid_usage;
  return success;
}

}  // namespace

const Result<Nccl>& nccl() {
  static const Result<Nccl> stand_in = Nccl{.library = {},
                                            .version = version,
                                            .error_string = error_string,
                                            .last_error = last_error,
                                            .unique_id = unique_id,
                                            .comm_init_rank = comm_init_rank,
                                            .comm_init_all = comm_init_all,
                                            .comm_destroy = comm_destroy,
                                            .comm_abort = comm_destroy,
                                            .comm_async_error = comm_async_error,
                                            .all_reduce = all_reduce,
                                            .broadcast = broadcast,
                                            .group_start = group_start,
                                            .group_end = group_end};
  return stand_in;
}

}  // namespace gpucheck
