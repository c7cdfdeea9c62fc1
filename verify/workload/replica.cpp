#include "verify/workload/replica.hpp"

#include <fmt/format.h>

#include <cassert>
#include <chrono>

#include "kernels/convert.hpp"
#include "kernels/device/require.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

const Place& place_of(const Device* device) {
  if (device == nullptr) return cpu_place();
  const Place* place = gpu_place(device->index);
  if (place == nullptr) throw NotRun("this build has no device code");
  return *place;
}

/// What decides a prepared launch: the case and the memory it works on.
std::string key_of(const OpStep& step) {
  std::string key = fmt::format("{} {}", step.c.op, fmt::join(step.tensors, " "));
  for (const auto& [name, value] : step.c.parameters) key += fmt::format(" {}={}", name, value);
  return key;
}

}  // namespace

Values initial_values(const Network& network, const std::string& tensor, Dtype dtype, int rank) {
  const auto found = network.initial.find(tensor);
  if (found == network.initial.end()) return {};
  Values values = found->second(rank);
  round_to(dtype, values.data(), values.size());
  return values;
}

Replica::Replica(const Network& network, const Flavour& flavour, const Device* device, int rank)
    : network_(network),
      flavour_(flavour),
      device_(device),
      rank_(rank),
      workspaces_(place_of(device)) {}

const Place& Replica::place() const { return place_of(device_); }

PlacedTensor& Replica::placed(const std::string& name, Dtype dtype, std::int64_t elements) {
  std::unique_ptr<PlacedTensor>& tensor = placed_[name];
  if (tensor != nullptr) {
    assert(tensor->tensor().elements() == elements);
    return *tensor;
  }
  tensor = std::make_unique<PlacedTensor>(
      place(), Tensor{placed_.find(name)->first, dtype, {elements}, Role::inout});
  const Values values = initial_values(network_, name, dtype, rank_);
  assert(values.empty() || std::int64_t(values.size()) == elements);
  if (values.empty()) {
    tensor->poison();
  } else {
    tensor->write(values);
    seen_[name] = values;
  }
  return *tensor;
}

Elements Replica::read(const std::string& name) {
  const PlacedTensor& tensor = *placed_.at(name);
  place();
  Elements elements = tensor.read();
  Values& values = seen_[name];
  values.resize(std::size_t(tensor.tensor().elements()));
  to_f64(tensor.tensor().dtype, elements.data(), values.size(), values.data());
  return elements;
}

std::vector<Tensor> Replica::tensors_of(const Op& op, const OpStep& step) {
  std::vector<Tensor> tensors = op.tensors(step.c);
  assert(tensors.size() == step.tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].name = step.tensors[i];  // As the network calls it.
    placed(step.tensors[i], tensors[i].dtype, tensors[i].elements());
  }
  return tensors;
}

const Launch& Replica::launch(const Implementation& implementation, const OpStep& step,
                              const std::vector<Tensor>& tensors) {
  Launch& launch = launches_[key_of(step)];
  if (launch) return launch;
  if (implementation.prepare == nullptr) throw NotRun("this build has no device code");
  Buffers buffers{.workspace = [this](std::size_t bytes) { return workspaces_.allocate(bytes); }};
  for (const Tensor& tensor : tensors)
    buffers.tensors.push_back(placed_.at(std::string(tensor.name))->data());
  return launch = implementation.prepare(step.c, buffers);
}

void Replica::run(const OpStep& step, StepRecord& record) {
  const Op* op = find_op(step.c.op);
  if (op == nullptr) throw NotRun(fmt::format("there is no op {}", step.c.op));
  const Place& here = place();
  const std::vector<Tensor> tensors = tensors_of(*op, step);
  std::vector<Values> values(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].role != Role::output) values[i] = seen_.at(step.tensors[i]);
  const std::vector<Expected> expected = op->reference(step.c, values);

  const Implementation* implementation = choose(flavour_, *op, step.c, device_);
  if (implementation == nullptr) {
    record.by_reference.insert(std::string(op->name));
    std::size_t output = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].role == Role::input) continue;
      placed_.at(step.tensors[i])->write(expected[output++].values);
      read(step.tensors[i]);
    }
    return;
  }

  const Launch& call = launch(*implementation, step, tensors);
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].role == Role::output) placed_.at(step.tensors[i])->poison();
  here.synchronize();
  const auto start = std::chrono::steady_clock::now();
  call(here.stream());
  here.synchronize();
  record.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  std::vector<Elements> outputs;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (record.trespass.empty()) record.trespass = placed_.at(step.tensors[i])->overrun();
    if (tensors[i].role != Role::input) outputs.push_back(read(step.tensors[i]));
  }
  const Call made{step.c, tensors, expected, implementation->provider,
                  device_ != nullptr ? device_->cc : 0};
  const Compared compared = compare_outputs(made, outputs);
  merge(record.compared, compared,
        outputs.size() == 1 ? step.tensors.back() : std::string(step.c.op));
  if (record.plant_faults && compared.numbers.wrong == 0)
    merge(record.self_test, test_checker(made, outputs));
}

}  // namespace gpucheck
