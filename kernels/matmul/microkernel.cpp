#include "kernels/matmul/microkernel.hpp"

#include <vector>

namespace gpucheck {
namespace {

// `height` rows of two vectors stay in registers for the whole depth. Inlined into a function of
// each instruction set, so that the compiler takes that set's registers and fused multiply-add.
// Every loop over `sum` is unrolled: an index that is not a constant would put it into memory.
template <int lanes, int height>
[[gnu::always_inline]] inline void multiply(const double* a, const double* b, std::ptrdiff_t depth,
                                            double* c) {
  typedef double Vector __attribute__((vector_size(lanes * sizeof(double))));
  typedef double Unaligned
      __attribute__((vector_size(lanes * sizeof(double)), aligned(alignof(double)), may_alias));
  Vector sum[height][2] = {};
  for (std::ptrdiff_t p = 0; p < depth; ++p, a += height, b += 2 * lanes) {
    const Vector left = *reinterpret_cast<const Unaligned*>(b);
    const Vector right = *reinterpret_cast<const Unaligned*>(b + lanes);
#pragma GCC unroll 16
    for (int i = 0; i < height; ++i) {
      sum[i][0] += a[i] * left;
      sum[i][1] += a[i] * right;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < height; ++i, c += 2 * lanes) {
    *reinterpret_cast<Unaligned*>(c) += sum[i][0];
    *reinterpret_cast<Unaligned*>(c + lanes) += sum[i][1];
  }
}

void multiply_portable(const double* a, const double* b, std::ptrdiff_t depth, double* c) {
  multiply<2, 4>(a, b, depth, c);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void multiply_avx2(const double* a, const double* b,
                                               std::ptrdiff_t depth, double* c) {
  multiply<4, 6>(a, b, depth, c);
}

[[gnu::target("avx512f")]] void multiply_avx512(const double* a, const double* b,
                                                std::ptrdiff_t depth, double* c) {
  multiply<8, 12>(a, b, depth, c);
}
#endif

std::vector<Microkernel> available() {
  std::vector<Microkernel> kernels;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) kernels.push_back({"avx512f", 12, 16, multiply_avx512});
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    kernels.push_back({"avx2", 6, 8, multiply_avx2});
#endif
  kernels.push_back({"portable", 4, 4, multiply_portable});
  return kernels;
}

}  // namespace

std::span<const Microkernel> microkernels() {
  static const std::vector<Microkernel> kernels = available();
  return kernels;
}

}  // namespace gpucheck
