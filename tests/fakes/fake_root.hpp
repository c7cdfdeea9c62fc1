#pragma once

#include <chrono>
#include <map>
#include <string>

#include "gpucheck/snapshot.hpp"

namespace gpucheck {

/// A directory with the /proc, /sys, /dev and /etc of a machine, for GPUCHECK_ROOT. At first:
/// Ubuntu with one H200 and the driver 580.95.05 loaded.
class FakeRoot {
 public:
  FakeRoot();
  ~FakeRoot();
  FakeRoot(const FakeRoot&) = delete;
  FakeRoot& operator=(const FakeRoot&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& file, const std::string& text) const;
  void remove(const std::string& file) const;
  /// Copies one of the fake libraries, "cudnn/libcudnn.so.9", to a place below the root; returns
  /// the whole path.
  std::string install(const std::string& fake, const std::string& file) const;

  void without_gpu() const;
  void without_module() const;
  void with_nvswitch() const;
  /// A node that exists with no driver behind it: open() gives ENXIO.
  void dead_node(const std::string& file) const;

 private:
  std::string path_;
};

using Variables = std::map<std::string, std::string>;

/// Probes the fake machine with these variables set and all other CUDA variables unset.
Snapshot probe_with(
    const FakeRoot& root, const Variables& variables,
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max());

/// Directory of a fake library for LD_LIBRARY_PATH: "cuda", "nvml", "cudnn", "cublas".
std::string fake(const std::string& name);

/// Ids of the root causes, separated by spaces: "D13" or, outside of the catalogue, the rule's id.
std::string root_causes(const Snapshot& snapshot);

/// Whether a finding of this catalogue row was made.
bool found(const Snapshot& snapshot, const std::string& catalogue);

}  // namespace gpucheck
