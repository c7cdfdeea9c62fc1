#include "verify/doctor/probe.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <thread>

#include "kernels/device/build.hpp"
#include "kernels/device/runtime_calls.hpp"
#include "verify/doctor/probe/library_names.hpp"
#include "verify/doctor/probe/piece.hpp"
#include "verify/doctor/probe/stages.hpp"
#include "verify/doctor/rules/query.hpp"

namespace gpucheck {
namespace {

using Variables = std::vector<std::pair<std::string, std::optional<std::string>>>;
using Job = std::function<Snapshot()>;

// Seconds; design: 6.5 s for cuInit are normal without persistence mode.
constexpr double library_deadline = 5, nvml_deadline = 10, driver_deadline = 30,
                 handle_deadline = 30;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Starts the children of one run of probe(), all with the same surroundings.
class Children {
 public:
  Children(const Root& root, const ProbeOptions& options) {
    if (!root.is_machine()) variables_.emplace_back("GPUCHECK_ROOT", root.directory());
    std::string directories = variable("GPUCHECK_LIBRARIES");
    for (const std::string& each : options.libraries)
      directories = each + (directories.empty() ? "" : ":") + directories;
    if (!directories.empty()) variables_.emplace_back("GPUCHECK_LIBRARIES", directories);
    // Tests of hanging libraries do not wait for half a minute.
    if (const std::string hook = variable("GPUCHECK_TEST_DEADLINE"); !hook.empty())
      longest_ = std::atof(hook.c_str());
  }

  Job job(std::vector<std::string> arguments, double deadline, Variables more = {},
          std::string variant = "") const {
    Variables all = variables_;
    all.insert(all.end(), more.begin(), more.end());
    return
        [options = ChildOptions{std::move(arguments), std::move(all), std::min(deadline, longest_)},
         variant = std::move(variant)] { return gathered(run_child(options), variant); };
  }

  /// Opens one name; how the child ended is part of the answer.
  Job library(const std::string& name) const {
    ChildOptions options{{"probe-library", name}, variables_, std::min(library_deadline, longest_)};
    return [options, name] {
      const ChildResult result = run_child(options);
      Snapshot piece = gathered(result);
      if (piece.libraries.empty()) {
        LibraryProbe probe{.name = name,
                           .opened = {},
                           .error = {},
                           .signal = result.end.signal,
                           .timed_out = result.end.timed_out,
                           .version = {},
                           .package = {},
                           .missing_symbols = {},
                           .candidates = {}};
        if (!probe.signal && !probe.timed_out) probe.error = name + ": " + result.end.text();
        piece.libraries.push_back(std::move(probe));
      }
      return piece;
    };
  }

 private:
  Variables variables_;
  double longest_ = 3600;
};

// Runs all at the same time and adds what they found, in the order of the jobs.
void run_all(const std::vector<Job>& jobs, Snapshot& snapshot) {
  std::vector<Snapshot> pieces(jobs.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      threads.emplace_back([&, i] { pieces[i] = jobs[i](); });
  }
  for (Snapshot& piece : pieces) add(snapshot, std::move(piece));
}

Root chosen_root(const ProbeOptions& options) {
  return Root(options.root.empty() ? variable("GPUCHECK_ROOT") : options.root);
}

void probe_machine(const Root& root, const ProbeOptions& options, Snapshot& snapshot) {
  snapshot.pci = probe_pci(root);
  snapshot.kernel_driver = probe_kernel_driver(root);
  snapshot.mounts = probe_mounts(root);
  snapshot.cdi = probe_cdi(root);
  snapshot.fabric = probe_fabric(root, snapshot.pci);
  snapshot.mps = probe_mps(root);
  snapshot.toolkits = probe_toolkits(root);
  snapshot.python = probe_python(root, options.python);
  snapshot.kernel_log = probe_kernel_log(root);
}

bool has_file(const LibraryProbe& library) {
  return std::ranges::any_of(library.candidates,
                             [](const Candidate& c) { return c.opens.value_or(false); });
}

void list_libraries(const Root& root, Snapshot& snapshot) {
  for (const auto& names : {driver_names(), library_names()}) {
    for (const std::string& name : names) snapshot.libraries.push_back(with_candidates(name, root));
  }
  // Their name holds CUDA's minor version: it is taken from the file beside NVRTC.
  for (const char* nvrtc : {"libnvrtc.so.13", "libnvrtc.so.12"}) {
    const LibraryProbe* found = library(snapshot, nvrtc);
    if (found == nullptr || !has_file(*found)) continue;
    const std::string directory =
        found->candidates.front().path.substr(0, found->candidates.front().path.rfind('/'));
    for (const std::string& name : root.list(directory).value_or(std::vector<std::string>())) {
      const bool builtins =
          name.starts_with("libnvrtc-builtins.so.") && std::ranges::count(name, '.') == 3;
      if (builtins && library(snapshot, name) == nullptr)
        snapshot.libraries.push_back(with_candidates(name, root));
    }
  }
}

// A name of which no directory in the loader's reach has a file needs no child to say so.
void mark_absent(Snapshot& snapshot) {
  for (LibraryProbe& library : snapshot.libraries) {
    if (library.candidates.empty() && library.opened.empty() && library.error.empty()) {
      library.error = library.name + ": No such file in any directory that is searched";
    }
  }
}

// The driver once more, as it would be without the variable that may be to blame.
std::vector<Job> without_suspects(const Children& children, const Snapshot& s) {
  std::vector<Job> jobs;
  if (succeeded(s, "cuInit") && driver_devices(s) != 0) return jobs;
  const auto unset = [&](const char* name) {
    if (variable(name).empty() && std::getenv(name) == nullptr) return;
    jobs.push_back(children.job({"probe-driver"}, driver_deadline, {{name, std::nullopt}},
                                std::string(name) + " unset"));
  };
  const LibraryProbe* driver = library(s, "libcuda.so.1");
  const bool from_path =
      driver != nullptr && std::ranges::any_of(driver->candidates, [](const Candidate& c) {
        return c.source == "LD_LIBRARY_PATH";
      });
  if (from_path) unset("LD_LIBRARY_PATH");
  if (code(s, "cuInit") == 100 || code(s, "cuInit") == 101 || driver_devices(s) == 0)
    unset("CUDA_VISIBLE_DEVICES");
  return jobs;
}

// The variants' devices are not those of this environment.
void add_calls_only(Snapshot& snapshot, Snapshot&& variants) {
  for (CallProbe& call : variants.calls) snapshot.calls.push_back(std::move(call));
}

void probe_children(const Root& root, const Children& children, Snapshot& snapshot) {
  list_libraries(root, snapshot);
  std::vector<Job> first = {children.job({"probe-nodes"}, nvml_deadline)};
  for (const std::string& name : driver_names()) first.push_back(children.library(name));
  run_all(first, snapshot);
  mark_absent(snapshot);

  const auto has = [&](const char* name) {
    return opens(snapshot, name) || real_candidate(snapshot, name) != nullptr;
  };
  std::vector<Job> second;
  if (has("libcuda.so.1")) second.push_back(children.job({"probe-driver"}, driver_deadline));
  if (has("libnvidia-ml.so.1")) second.push_back(children.job({"probe-nvml"}, nvml_deadline));
  const bool cudnn = has("libcudnn.so.9") || has("libcudnn.so.8");
  const bool gpu_likely = snapshot.pci.has_value() && has_gpu(snapshot) && has("libcuda.so.1");
  // Its sublibraries can be checked without a GPU; with one it is done below, with a handle.
  if (cudnn && !gpu_likely) second.push_back(children.job({"probe-cudnn"}, handle_deadline));
  run_all(second, snapshot);

  if (const auto suspects = without_suspects(children, snapshot); !suspects.empty()) {
    Snapshot variants;
    run_all(suspects, variants);
    add_calls_only(snapshot, std::move(variants));
  }
  const bool works = succeeded(snapshot, "cuInit");
  if (!works) {
    if (cudnn && gpu_likely) run_all({children.job({"probe-cudnn"}, handle_deadline)}, snapshot);
    return;  // What the driver's failure explains is not probed; nothing large is opened in vain.
  }
  std::vector<Job> third;
  if (runtime_calls() != nullptr) third.push_back(children.job({"probe-runtime"}, driver_deadline));
  for (const LibraryProbe& each : snapshot.libraries) {
    const bool driver_name = std::ranges::count(driver_names(), each.name) > 0;
    if (!driver_name && has_file(each) && each.opened.empty())
      third.push_back(children.library(each.name));
  }
  run_all(third, snapshot);
  if (runtime_calls() != nullptr && !succeeded(snapshot, "cudaGetDeviceCount")) return;
  std::vector<Job> last;
  const auto handle = [&](const char* task, std::initializer_list<const char*> names,
                          const char* argument = nullptr) {
    if (!std::ranges::any_of(names, has)) return;
    std::vector<std::string> arguments = {task};
    if (argument != nullptr) arguments.emplace_back(argument);
    last.push_back(children.job(std::move(arguments), handle_deadline));
  };
  handle("probe-cublas", {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"});
  handle("probe-cublaslt", {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11"});
  handle("probe-cudnn", {"libcudnn.so.9", "libcudnn.so.8"}, "create");
  handle("probe-nccl", {"libnccl.so.2"});
  handle("probe-nvrtc", {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"});
  run_all(last, snapshot);
}

// The stand-in runtime as it is when healthy: what a simulated sickness does is for the cases to
// find.
void probe_simulated(const Children& children, Snapshot& snapshot) {
  std::string sickness = "healthy";
  const std::string wanted = variable("GPUCHECK_SICKNESS");
  if (const std::size_t gpus = wanted.find("gpus="); gpus != std::string::npos) {
    sickness += "," + wanted.substr(gpus, wanted.find(',', gpus) - gpus);
  }
  run_all({children.job({"probe-runtime"}, driver_deadline, {{"GPUCHECK_SICKNESS", sickness}})},
          snapshot);
}

}  // namespace

Snapshot probe(const ProbeOptions& options) {
  const Root root = chosen_root(options);
  const Children children(root, options);
  Snapshot snapshot;
  snapshot.simulated = is_simulated();
  snapshot.built_with = built_with();
  snapshot.host = probe_host(root);
  snapshot.environment = probe_environment();
  snapshot.environment_probed = true;
  snapshot.limits = probe_limits(root);
  if (snapshot.simulated) {
    probe_simulated(children, snapshot);
  } else {
    probe_machine(root, options, snapshot);
    probe_children(root, children, snapshot);
  }
  std::ranges::stable_sort(snapshot.devices, {}, [](const Device& device) {
    return std::pair(!device.cuda_visible, device.index);
  });
  return snapshot;
}

}  // namespace gpucheck
