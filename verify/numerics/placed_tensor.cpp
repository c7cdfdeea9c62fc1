#include "verify/numerics/placed_tensor.hpp"

#include <algorithm>

#include "kernels/convert.hpp"

namespace gpucheck {
namespace {

// As wide as the alignment of cudaMalloc, so that guarded memory is as aligned as any.
constexpr std::size_t guard_bytes = 256;
constexpr int guard_byte = 0xa5;

}  // namespace

PlacedTensor::PlacedTensor(const Place& place, const Tensor& tensor)
    : place_(place),
      tensor_(tensor),
      size_bytes_(std::size_t(tensor.elements()) * bytes(tensor.dtype)),
      memory_(static_cast<unsigned char*>(place.allocate(size_bytes_ + 2 * guard_bytes))) {
  place_.fill(memory_, guard_byte, size_bytes_ + 2 * guard_bytes);
}

PlacedTensor::~PlacedTensor() { place_.release(memory_); }

void* PlacedTensor::data() const { return memory_ + guard_bytes; }

void PlacedTensor::poison() { place_.fill(data(), 0xff, size_bytes_); }

void PlacedTensor::write(const void* elements) { place_.copy_in(data(), elements, size_bytes_); }

void PlacedTensor::write(const Values& values) {
  std::vector<unsigned char> elements(size_bytes_);
  from_f64(tensor_.dtype, values.data(), values.size(), elements.data());
  write(elements.data());
}

std::vector<unsigned char> PlacedTensor::read() const {
  std::vector<unsigned char> elements(size_bytes_);
  place_.copy_out(elements.data(), data(), size_bytes_);
  return elements;
}

std::string PlacedTensor::overrun() const {
  unsigned char guard[guard_bytes];
  const auto changed = [&](const unsigned char* side) {
    place_.copy_out(guard, side, guard_bytes);
    return !std::all_of(guard, guard + guard_bytes, [](int byte) { return byte == guard_byte; });
  };
  if (changed(memory_)) return "wrote before the start of " + std::string(tensor_.name);
  if (changed(memory_ + guard_bytes + size_bytes_))
    return "wrote past the end of " + std::string(tensor_.name);
  return "";
}

Workspaces::~Workspaces() {
  for (void* memory : memory_) place_.release(memory);
}

void* Workspaces::allocate(std::size_t bytes) {
  memory_.push_back(nullptr);
  return memory_.back() = place_.allocate(bytes);
}

}  // namespace gpucheck
