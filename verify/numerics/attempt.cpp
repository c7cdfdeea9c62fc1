#include "verify/numerics/attempt.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <new>

#include "kernels/device/build.hpp"
#include "kernels/device/require.hpp"

namespace gpucheck {
namespace {

constexpr int cuda_out_of_memory = 2;  // cudaErrorMemoryAllocation

std::string gibibytes(std::uint64_t bytes) {
  return fmt::format("{:.3f} GiB", double(bytes) / (1 << 30));
}

void out_of_memory(CaseResult& result, const Needs& needs, const std::string& what) {
  if (needs.device == nullptr || !needs.device->free_bytes) {
    result.outcome = Outcome::not_run;
    result.reason = fmt::format("out of memory: needs at least {}; free memory unknown ({})",
                                gibibytes(needs.bytes), what);
    return;
  }
  const std::uint64_t free = *needs.device->free_bytes;
  // Workspaces and fragmentation: a device that has twice what is needed may not refuse.
  const bool plenty = free >= 2 * needs.bytes;
  result.outcome = plenty ? Outcome::error : Outcome::not_run;
  result.reason = fmt::format("out of memory{}: needs {}, {} free ({})",
                              plenty ? ", although the device claims to have enough" : "",
                              gibibytes(needs.bytes), gibibytes(free), what);
}

}  // namespace

void attempt(CaseResult& result, const Needs& needs, const std::function<void()>& work) {
  try {
    work();
  } catch (const CudaError& error) {
    result.outcome = Outcome::error;
    result.reason = error.what();
    if (error.code() == cuda_out_of_memory) out_of_memory(result, needs, error.what());
  } catch (const LibraryError& error) {
    result.outcome = Outcome::error;
    result.reason = error.what();
  } catch (const NotRun& missing) {
    result.outcome = Outcome::not_run;
    result.reason = missing.what();
  } catch (const std::bad_alloc&) {
    out_of_memory(result, {.bytes = needs.bytes}, "host memory");
  }
}

std::string repro_line(std::string_view id, const std::vector<int>& gpus, std::uint64_t seed) {
  const char* sickness =
      !gpus.empty() && is_simulated() ? std::getenv("GPUCHECK_SICKNESS") : nullptr;
  return fmt::format("gpucheck verify --only {} --device {} --seed {}{}{}", id,
                     gpus.empty() ? "cpu" : fmt::format("{}", fmt::join(gpus, ",")), seed,
                     sickness != nullptr ? " --simulate " : "",
                     sickness != nullptr ? sickness : "");
}

}  // namespace gpucheck
