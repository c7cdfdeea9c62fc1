#pragma once

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <vector>

#include "kernels/convert.hpp"
#include "kernels/device/simulated/engine.hpp"
#include "verify/numerics/judge.hpp"

namespace gpucheck {

/// Device memory of exactly these bytes, so that AddressSanitizer sees a kernel read past its end.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) : bytes_(bytes) {
    if (cudaMalloc(&data_, bytes) != cudaSuccess) throw std::bad_alloc();
  }
  ~DeviceMemory() { cudaFree(data_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  void* data() const { return data_; }
  void write(const void* from) {
    EXPECT_EQ(cudaMemcpy(data_, from, bytes_, cudaMemcpyHostToDevice), cudaSuccess);
  }
  Elements read() const {
    Elements elements(bytes_);
    EXPECT_EQ(cudaMemcpy(elements.data(), data_, bytes_, cudaMemcpyDeviceToHost), cudaSuccess);
    return elements;
  }

 private:
  void* data_ = nullptr;
  std::size_t bytes_;
};

/// Device memory with these values.
inline std::unique_ptr<DeviceMemory> on_device(Dtype dtype, const Values& values) {
  Elements elements(values.size() * bytes(dtype));
  from_f64(dtype, values.data(), values.size(), elements.data());
  auto memory = std::make_unique<DeviceMemory>(elements.size());
  memory->write(elements.data());
  return memory;
}

/// Runs one case with threads in that order; the elements of every tensor that is not an input.
/// Outputs hold NaN before.
inline std::vector<Elements> run_on_device(const Implementation& implementation, const Case& c,
                                           const std::vector<Tensor>& tensors,
                                           const std::vector<Values>& values, simt::Order order) {
  simt::settings().order = order;
  std::vector<std::unique_ptr<DeviceMemory>> memory, workspaces;
  Buffers buffers;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const bool output = tensors[i].role == Role::output;
    memory.push_back(output ? std::make_unique<DeviceMemory>(std::size_t(tensors[i].elements()) *
                                                             bytes(tensors[i].dtype))
                            : on_device(tensors[i].dtype, values[i]));
    if (output)
      memory[i]->write(
          Elements(std::size_t(tensors[i].elements()) * bytes(tensors[i].dtype), 0xff).data());
    buffers.tensors.push_back(memory[i]->data());
  }
  buffers.workspace = [&](std::size_t bytes) {
    return workspaces.emplace_back(std::make_unique<DeviceMemory>(bytes))->data();
  };
  implementation.prepare(c, buffers)(nullptr);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  std::vector<Elements> outputs;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].role != Role::input) outputs.push_back(memory[i]->read());
  simt::settings().order = simt::Order::forward;
  return outputs;
}

/// Elements as float64.
inline Values values_of(Dtype dtype, const Elements& elements) {
  Values values(elements.size() / bytes(dtype));
  to_f64(dtype, elements.data(), values.size(), values.data());
  return values;
}

}  // namespace gpucheck
