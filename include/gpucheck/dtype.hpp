#pragma once

// C++17: kernel files include this header too.

#include <cstddef>
#include <string_view>

namespace gpucheck {

/// Element type of a tensor in memory.
enum class Dtype { f64, f32, f16, bf16, s32 };

/// Name as it stands in case ids and on the command line.
constexpr std::string_view name(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return "f64";
    case Dtype::f32: return "f32";
    case Dtype::f16: return "f16";
    case Dtype::bf16: return "bf16";
    case Dtype::s32: return "s32";
  }
  return "";
}

/// Size of one element.
constexpr std::size_t bytes(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return 8;
    case Dtype::f32: return 4;
    case Dtype::f16: return 2;
    case Dtype::bf16: return 2;
    case Dtype::s32: return 4;
  }
  return 0;
}

/// Binary digits of the significand, the hidden one included (s32: exact up to 31 bits).
constexpr int significand_bits(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return 53;
    case Dtype::f32: return 24;
    case Dtype::f16: return 11;
    case Dtype::bf16: return 8;
    case Dtype::s32: return 31;
  }
  return 0;
}

}  // namespace gpucheck
