#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gpucheck/device.hpp"

namespace gpucheck {

// Facts about one machine, as `gpucheck doctor --save` writes them (schema gpucheck.snapshot/1). An
// empty optional, string or list means "not probed"; a rule that finds one says "unknown", never
// "fine".

/// What this gpucheck was built with: CUDA version code (13000), SASS targets, PTX target; all zero
/// without a toolkit.
struct BuiltWith {
  int cuda = 0;
  std::vector<int> archs;
  int ptx = 0;
};

struct Host {
  std::string kernel_release;
  std::string os_id;
  std::string os_version;
  std::string arch;
  std::optional<int> wsl;                ///< 0, 1 or 2.
  std::optional<std::string> container;  ///< none, docker, podman, kubernetes or lxc.
  std::optional<bool> user_namespace;
  std::optional<int> uid;
  std::vector<std::string> groups;
  std::optional<double> boot_seconds;
  std::optional<double> suspended_seconds;
  std::string cmdline;
  std::optional<bool> secure_boot;
};

/// A writable place for the JIT cache.
struct CacheDirectory {
  std::string path;
  std::optional<bool> writable;
};

struct Limits {
  std::optional<std::uint64_t>
      address_space;  ///< RLIMIT_AS in bytes; empty: unlimited or not probed.
  std::optional<std::uint64_t> shm_free_bytes;
  CacheDirectory cache_dir;
};

struct PciDevice {
  std::string address;
  std::string vendor;
  std::string device;
  std::string
      pci_class;       ///< First four digits: 0300 VGA, 0302 3D controller, 0680 bridge (NVSwitch).
  std::string driver;  ///< Bound kernel driver; empty: none.
};

struct KernelDriver {
  std::optional<std::vector<std::string>> modules;  ///< NVIDIA's and nouveau, as they are loaded.
  std::string version;       ///< Of the loaded module; empty: not loaded or not probed.
  std::optional<bool> open;  ///< Open kernel module rather than the proprietary one.
  std::optional<bool>
      module_file_present;  ///< nvidia.ko* below /lib/modules of the running kernel.
  std::map<std::string, std::string> parameters;
  std::optional<std::vector<std::string>>
      character_devices;  ///< Of /proc/devices, those that begin with "nvidia".
};

struct DeviceNode {
  std::string path;
  std::optional<bool> exists;
  std::string mode;
  std::string group;
  std::optional<int> open_errno;  ///< Of open(O_RDWR); 0: it opened.
};

struct CdiSpec {
  std::string file;
  std::vector<std::string> missing_paths;
};

/// A file that could have been opened under a library's name.
struct Candidate {
  std::string path;
  std::string
      source;  ///< cache, LD_LIBRARY_PATH, toolkit, wheel, conda, wsl, compat, stubs or default.
  std::string kind;  ///< file or symlink.
  std::uint64_t size = 0;
  std::optional<bool> opens;
  std::string error;
};

struct LibraryProbe {
  std::string name;  ///< The SONAME tried.
  std::string opened;
  std::string error;
  std::optional<int> signal;
  bool timed_out = false;
  std::string version;
  std::string package;
  std::vector<std::string> missing_symbols;
  std::vector<Candidate> candidates;
};

/// One vendor call made in a child, and how it ended.
struct CallProbe {
  std::string api;
  std::optional<int> device;
  std::optional<int> code;
  std::optional<std::int64_t> value;
  double seconds = 0;
  std::optional<int> signal;
  bool timed_out = false;
  std::string log;
  std::string variant;  ///< "LD_LIBRARY_PATH unset" and the like; empty: the environment as it is.
};

struct Sample {
  int device = 0;
  bool under_load = false;
  std::optional<double> sm_clock_mhz, power_w, temperature_c;
  std::optional<std::uint64_t> events_reasons;
};

struct LaunchProbe {
  int device = 0;
  std::string kernel;
  std::optional<int> code;
  std::optional<int> binary_version;
  double seconds = 0;
};

struct Fabric {
  std::optional<bool> nvswitch;
  std::string manager_version;
  std::string state;
};

struct Mps {
  std::string pipe_directory;
  std::optional<bool> control_alive;
};

struct Toolkit {
  std::string path;
  std::string version;
  bool nvcc = false;
};

struct Compiler {
  std::string name;
  std::string version;
};

struct PythonPrefix {
  std::string prefix;
  std::map<std::string, std::string> packages;
};

struct KernelLog {
  std::optional<bool> readable;
  std::vector<std::string> lines;
};

struct Snapshot {
  BuiltWith built_with;
  Host host;
  std::map<std::string, std::string> environment;  ///< Variables of the allow-list that are set.
  bool environment_probed = false;
  Limits limits;
  std::optional<std::vector<PciDevice>> pci;
  std::optional<KernelDriver> kernel_driver;
  std::optional<std::vector<DeviceNode>> device_nodes;
  std::vector<std::string> mounts;
  std::vector<CdiSpec> cdi;
  std::vector<LibraryProbe> libraries;
  std::vector<CallProbe> calls;
  std::vector<Device> devices;
  std::vector<Sample> samples;
  std::vector<LaunchProbe> launches;
  Fabric fabric;
  Mps mps;
  std::vector<Toolkit> toolkits;
  std::vector<Compiler> compilers;
  std::vector<PythonPrefix> python;
  KernelLog kernel_log;
  bool simulated = false;
};

}  // namespace gpucheck
