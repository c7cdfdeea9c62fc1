#pragma once

#include <cstddef>
#include <source_location>

#include "kernels/device/shared_library.hpp"

struct CUstream_st;
struct ncclComm;

namespace gpucheck {

/// ncclResult_t; 0 is success, 7 is ncclInProgress.
enum class NcclStatus : int {};

enum class NcclDtype : int { s32 = 2, f16 = 6, f32 = 7, f64 = 8, bf16 = 9 };

enum class NcclOperation : int { sum = 0, product = 1, maximum = 2, minimum = 3, average = 4 };

/// ncclUniqueId.
struct NcclUniqueId {
  char bytes[128];
};

using NcclComm = ncclComm*;

/// libnccl.so.2, or gpucheck-simulated's stand-in, which fills the same table with functions of its
/// own.
struct Nccl {
  SharedLibrary library;

  NcclStatus (*version)(int* code);  ///< 10000 * major + 100 * minor + patch from 2.9 on.
  const char* (*error_string)(NcclStatus status);
  const char* (*last_error)(NcclComm comm);  ///< Null before 2.13.
  NcclStatus (*unique_id)(NcclUniqueId* id);
  NcclStatus (*comm_init_rank)(NcclComm* comm, int ranks, NcclUniqueId id, int rank);
  NcclStatus (*comm_init_all)(NcclComm* comms, int devices, const int* device_list);
  NcclStatus (*comm_destroy)(NcclComm comm);
  NcclStatus (*comm_abort)(NcclComm comm);
  NcclStatus (*comm_async_error)(NcclComm comm, NcclStatus* error);
  NcclStatus (*all_reduce)(const void* send, void* receive, std::size_t count, NcclDtype dtype,
                           NcclOperation operation, NcclComm comm, CUstream_st* stream);
  NcclStatus (*broadcast)(const void* send, void* receive, std::size_t count, NcclDtype dtype,
                          int root, NcclComm comm, CUstream_st* stream);
  NcclStatus (*group_start)();
  NcclStatus (*group_end)();

  std::vector<std::string> resolve();
};

/// NCCL, opened at the first call. Defined per flavour of the program: gpucheck opens the library
/// (open_nccl), gpucheck-simulated answers with its stand-in.
const Result<Nccl>& nccl();

/// Opens libnccl.so.2.
Result<Nccl> open_nccl();

/// Throws LibraryError unless the call succeeded.
void require(NcclStatus status, std::source_location at = std::source_location::current());

}  // namespace gpucheck
