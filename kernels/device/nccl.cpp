#include "kernels/device/nccl.hpp"

#include "kernels/device/library_search.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {

std::vector<std::string> Nccl::resolve() {
  return resolve_all(library, Symbol{"ncclGetVersion", &version},                                //
                     Symbol{"ncclGetErrorString", &error_string},                                //
                     Symbol{"ncclGetLastError", &last_error, Need::optional},                    //
                     Symbol{"ncclGetUniqueId", &unique_id},                                      //
                     Symbol{"ncclCommInitRank", &comm_init_rank},                                //
                     Symbol{"ncclCommInitAll", &comm_init_all},                                  //
                     Symbol{"ncclCommDestroy", &comm_destroy},                                   //
                     Symbol{"ncclCommAbort", &comm_abort},                                       //
                     Symbol{"ncclCommGetAsyncError", &comm_async_error},                         //
                     Symbol{"ncclAllReduce", &all_reduce}, Symbol{"ncclBroadcast", &broadcast},  //
                     Symbol{"ncclGroupStart", &group_start}, Symbol{"ncclGroupEnd", &group_end});
}

Result<Nccl> open_nccl() {
  return open_api<Nccl>(names_to_open({"libnccl.so.2"}, search_environment()));
}

void require(NcclStatus status, std::source_location at) {
  if (status == NcclStatus{}) return;
  const Result<Nccl>& library = nccl();
  const char* text = library && library->last_error != nullptr ? library->last_error(nullptr) : "";
  throw_library_error(int(status), library ? library->error_string(status) : "ncclResult_t", text,
                      at);
}

}  // namespace gpucheck
