#pragma once

#include <functional>
#include <vector>

#include "gpucheck/op.hpp"
#include "kernels/cpu/onednn.hpp"

namespace gpucheck::onednn {

dnnl::memory::data_type data_type(Dtype dtype);

/// A tensor of a case as oneDNN is told of it.
struct Plain {
  dnnl::memory::desc desc;
  void* data;
};

/// Primitives that run one after another, and the memory between them.
class Steps {
 public:
  explicit Steps(const Buffers& buffers) : buffers_(buffers) {}

  /// The tensor in the layout that a primitive wants: itself, or a copy made at each launch.
  dnnl::memory input(const Plain& tensor, const dnnl::memory::desc& wanted);
  /// Memory for a result; where `wanted` is not the tensor's layout it is copied there after
  /// `finish`.
  dnnl::memory output(const Plain& tensor, const dnnl::memory::desc& wanted);
  /// Memory for what one primitive leaves to another.
  dnnl::memory between(const dnnl::memory::desc& desc);
  void add(const dnnl::primitive& primitive, std::unordered_map<int, dnnl::memory> arguments);
  /// All steps, those that copy results last, as one call.
  Launch finish();

 private:
  struct Step {
    dnnl::primitive primitive;
    std::unordered_map<int, dnnl::memory> arguments;
  };

  const Buffers& buffers_;
  std::vector<Step> steps_, copies_out_;
};

/// Runs `prepare` with oneDNN's exceptions turned into ours: what it has no code for is NotRun.
Launch guarded(const std::function<Launch()>& prepare);

/// Version, instruction set and number of threads.
std::string description();

}  // namespace gpucheck::onednn
