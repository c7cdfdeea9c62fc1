#include "verify/doctor/probe.hpp"

#include <algorithm>
#include <cstdlib>

#include "kernels/device/build.hpp"
#include "kernels/device/library_search.hpp"
#include "kernels/device/runtime_calls.hpp"
#include "verify/doctor/probe/children.hpp"
#include "verify/doctor/probe/library_names.hpp"
#include "verify/doctor/probe/stages.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/query.hpp"

namespace gpucheck {
namespace {

// Seconds; design: 6.5 s for cuInit are normal without persistence mode.
constexpr double nvml_deadline = 10, driver_deadline = 30, handle_deadline = 30;

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

bool ends_badly_on_load(const Snapshot& s, const char* name) {
  const LibraryProbe* probed = library(s, name);
  return probed != nullptr && (probed->signal || probed->timed_out);
}

// The driver once more, as it would be without the variable that may be to blame.
std::vector<Job> without_suspects(const Children& children, const Snapshot& s,
                                  Allowance allowance) {
  std::vector<Job> jobs;
  if (succeeded(s, "cuInit") && driver_devices(s) != 0) return jobs;
  const auto unset = [&](const char* name) {
    if (std::getenv(name) == nullptr) return;
    jobs.push_back(children.job({"probe-driver"}, allowance, {{name, std::nullopt}},
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

/// The stages of probe() that need children, each with what the earlier ones found.
class Stages {
 public:
  Stages(const Children& children, Snapshot& snapshot) : children_(children), s_(snapshot) {}

  void open_driver(const Root& root) {
    list_libraries(root, s_);
    std::vector<Job> jobs = {children_.job({"probe-nodes"}, {nvml_deadline})};
    for (const std::string& name : driver_names()) jobs.push_back(children_.library(name));
    run_all(jobs, s_);
    if (!children_.out_of_time()) mark_absent(s_);
  }

  void start_driver() {
    // One cuInit that hangs is enough: the driver as it is and its variants share this time.
    const Allowance allowance = children_.shared(driver_deadline);
    std::vector<Job> jobs;
    if (ends_badly_on_load(s_, "libcuda.so.1")) {
      s_.calls.push_back({.api = "cuInit",
                          .device = {},
                          .code = {},
                          .value = {},
                          .signal = {},
                          .log = "not called, since " + said_of_library(s_, "libcuda.so.1"),
                          .variant = {}});
    } else if (has("libcuda.so.1")) {
      jobs.push_back(children_.job({"probe-driver"}, allowance));
    }
    if (has("libnvidia-ml.so.1")) jobs.push_back(children_.job({"probe-nvml"}, {nvml_deadline}));
    // Its sublibraries can be checked without a GPU; with one it is done later, with a handle.
    if (has_cudnn() && !gpu_likely()) jobs.push_back(cudnn());
    run_all(jobs, s_);
    Snapshot variants;
    run_all(without_suspects(children_, s_, allowance), variants);
    add_calls_only(s_, std::move(variants));
  }

  /// What the driver's failure explains is not probed; nothing large is opened in vain.
  void check_files_only() {
    if (has_cudnn() && gpu_likely()) run_all({cudnn()}, s_);
  }

  void open_libraries() {
    std::vector<Job> jobs;
    if (runtime_calls() != nullptr)
      jobs.push_back(children_.job({"probe-runtime"}, {driver_deadline}));
    for (const LibraryProbe& each : s_.libraries) {
      const bool driver_name = std::ranges::count(driver_names(), each.name) > 0;
      if (!driver_name && has_file(each) && each.opened.empty())
        jobs.push_back(children_.library(each.name));
    }
    run_all(jobs, s_);
  }

  void create_handles() {
    std::vector<Job> jobs;
    const auto handle = [&](const char* task, std::initializer_list<const char*> names) {
      if (std::ranges::any_of(names, [&](const char* name) { return has(name); }))
        jobs.push_back(children_.job({task}, {handle_deadline}));
    };
    handle("probe-cublas", {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"});
    handle("probe-cublaslt", {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11"});
    if (has_cudnn()) jobs.push_back(children_.job({"probe-cudnn", "create"}, {handle_deadline}));
    handle("probe-nccl", {"libnccl.so.2"});
    handle("probe-nvrtc", {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"});
    run_all(jobs, s_);
  }

 private:
  bool has(const char* name) const {
    return opens(s_, name) || real_candidate(s_, name) != nullptr;
  }
  bool has_cudnn() const { return has("libcudnn.so.9") || has("libcudnn.so.8"); }
  bool gpu_likely() const { return has_gpu(s_) && has("libcuda.so.1"); }
  Job cudnn() const { return children_.job({"probe-cudnn"}, {handle_deadline}); }

  const Children& children_;
  Snapshot& s_;
};

void probe_children(const Root& root, const Children& children, Snapshot& snapshot) {
  Stages stages(children, snapshot);
  stages.open_driver(root);
  stages.start_driver();
  if (!succeeded(snapshot, "cuInit")) return stages.check_files_only();
  stages.open_libraries();
  if (runtime_calls() != nullptr && !succeeded(snapshot, "cudaGetDeviceCount")) return;
  stages.create_handles();
}

// The stand-in runtime as it is when healthy: what a simulated sickness does is for the cases to
// find.
void probe_simulated(const Children& children, Snapshot& snapshot) {
  std::string sickness = "healthy";
  const std::string wanted = variable("GPUCHECK_SICKNESS");
  if (const std::size_t gpus = wanted.find("gpus="); gpus != std::string::npos) {
    sickness += "," + wanted.substr(gpus, wanted.find(',', gpus) - gpus);
  }
  run_all({children.job({"probe-runtime"}, {driver_deadline}, {{"GPUCHECK_SICKNESS", sickness}})},
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
    name_packages(root, snapshot.libraries);
  }
  std::ranges::stable_sort(snapshot.devices, {}, [](const Device& device) {
    return std::pair(!device.cuda_visible, device.index);
  });
  return snapshot;
}

}  // namespace gpucheck
