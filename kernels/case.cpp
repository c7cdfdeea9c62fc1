// What a Case answers by itself, apart from the ops: gpucheck_cpu.so needs this and none of them.

#include <algorithm>
#include <cassert>

#include "gpucheck/op.hpp"

namespace gpucheck {

std::int64_t Case::operator[](std::string_view wanted) const {
  const auto found = std::ranges::find(shape, wanted, &Dimension::name);
  assert(found != shape.end());
  return found->value;
}

double Case::parameter(std::string_view wanted) const {
  const auto found = std::ranges::find(parameters, wanted, &Parameter::name);
  assert(found != parameters.end());
  return found->value;
}

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  return count;
}

}  // namespace gpucheck
