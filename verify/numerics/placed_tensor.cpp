#include "verify/numerics/placed_tensor.hpp"

#include "kernels/convert.hpp"

namespace gpucheck {

PlacedTensor::PlacedTensor(const Place& place, const Tensor& tensor)
    : tensor_(tensor), buffer_(place, std::size_t(tensor.elements()) * bytes(tensor.dtype)) {}

void PlacedTensor::write(const Values& values) {
  std::vector<unsigned char> elements(buffer_.bytes());
  from_f64(tensor_.dtype, values.data(), values.size(), elements.data());
  buffer_.copy_in(elements.data());
}

std::vector<unsigned char> PlacedTensor::read() const {
  std::vector<unsigned char> elements(buffer_.bytes());
  buffer_.copy_out(elements.data());
  return elements;
}

std::string PlacedTensor::overrun() const {
  const std::string damage = buffer_.damage();
  return damage.empty() ? "" : std::string(tensor_.name) + ": " + damage;
}

Workspaces::~Workspaces() {
  for (void* memory : memory_) place_.release(memory);
}

void* Workspaces::allocate(std::size_t bytes) {
  memory_.push_back(nullptr);
  return memory_.back() = place_.allocate(bytes);
}

}  // namespace gpucheck
