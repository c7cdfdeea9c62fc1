#include "tests/simulated/planted_kernels.hpp"

#include <numeric>
#include <vector>

#include "tests/simulated/run_kernel.hpp"

namespace gpucheck {
namespace {

constexpr unsigned threads = 128;

constexpr unsigned load_line = __LINE__ + 4;
template <Version version>
__global__ void reverse(const int* in, int* out) {
  SHARED_ARRAY(int, tile, [threads]);
  tile[threadIdx.x] = in[threadIdx.x];
  if (version == Version::healthy) __syncthreads();
  out[threadIdx.x] = tile[threads - 1 - threadIdx.x];
}

constexpr unsigned next_tile_line = __LINE__ + 6;
template <Version version>
__global__ void add_reversed_tiles(const int* in, int* out) {
  SHARED_ARRAY(int, tile, [threads]);
  int sum = 0;
  for (unsigned k = 0; k < 4; ++k) {
    tile[threadIdx.x] = in[k * threads + threadIdx.x];
    __syncthreads();
    sum += tile[threads - 1 - threadIdx.x];
    if (version == Version::healthy) __syncthreads();
  }
  out[threadIdx.x] = sum;
}

constexpr unsigned tree_line = __LINE__ + 7;
template <Version version>
__global__ void sum_by_tree(const int* in, int* out) {
  SHARED_ARRAY(int, part, [threads]);
  part[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  for (unsigned half = threads / 2; half; half /= 2) {
    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    if (version == Version::healthy) __syncthreads();
  }
  if (threadIdx.x == 0) *out = part[0];
}

constexpr unsigned warp_line = __LINE__ + 4;
template <Version version>
__global__ void rotate_in_warp(const int* in, int* out) {
  SHARED_ARRAY(int, tile, [threads]);
  tile[threadIdx.x] = in[threadIdx.x];
  if (version == Version::healthy) __syncwarp();
  out[threadIdx.x] = tile[threadIdx.x / 32 * 32 + (threadIdx.x + 1) % 32];
}

constexpr unsigned add_line = __LINE__ + 6;
template <Version version>
__global__ void count_threads(int* out) {
  if (version == Version::healthy)
    atomicAdd(out, 1);
  else
    *out += 1;
}

constexpr unsigned dynamic_line = __LINE__ + 7;
template <Version version>
__global__ void shift(const int* in, int* out) {
  DYNAMIC_SHARED(int, row);
  row[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  if (version == Version::buggy || threadIdx.x + 1 < threads)
    out[threadIdx.x] = row[threadIdx.x + 1];
}

constexpr unsigned row_line = __LINE__ + 4;
__global__ void fill_rows(int* out, unsigned columns) {
  SHARED_ARRAY(int, tile, [threads / 8][9]);
  if (threadIdx.x < threads / 8)
    for (unsigned k = 0; k < columns; ++k) tile[threadIdx.x][k] = int(k);
  __syncthreads();
  if (threadIdx.x < threads / 8) out[threadIdx.x] = tile[threadIdx.x][0];
}

constexpr unsigned tail_line = __LINE__ + 4;
template <Version version>
__global__ void scale(int* values, unsigned count) {
  const unsigned i = blockIdx.x * threads + threadIdx.x;
  if (version == Version::buggy || i < count) values[i] *= 3;
}

template <Version version>
__global__ void sum_by_shuffles(const int* in, int* out) {
  int sum = in[threadIdx.x];
  for (unsigned delta = 16; delta > (version == Version::healthy ? 0 : 1); delta /= 2)
    sum += __shfl_down_sync(0xffffffffu, sum, delta);
  if (threadIdx.x % 32 == 0) atomicAdd(out, sum);
}

std::vector<int> ramp(std::size_t count) {
  std::vector<int> values(count);
  std::iota(values.begin(), values.end(), 1);
  return values;
}

template <Version version>
PlantedRun run_version(Planted bug) {
  const dim3 one(1), block(threads);
  std::vector<int> in = ramp(threads), out(threads, -1), expected = in;
  int total = 0;
  switch (bug) {
    case Planted::no_barrier_after_load: {
      const auto report = run(reverse<version>, one, block, 0, in.data(), out.data());
      return {report, out == std::vector<int>(in.rbegin(), in.rend())};
    }
    case Planted::no_barrier_before_next_tile: {
      in = ramp(4 * threads);
      const auto report = run(add_reversed_tiles<version>, one, block, 0, in.data(), out.data());
      for (unsigned i = 0; i < threads; ++i) expected[i] = int(4 * (threads - i) + 6 * threads);
      return {report, out == expected};
    }
    case Planted::no_barrier_in_tree: {
      const auto report = run(sum_by_tree<version>, one, block, 0, in.data(), &total);
      return {report, total == int(threads * (threads + 1) / 2)};
    }
    case Planted::no_warp_barrier: {
      const auto report = run(rotate_in_warp<version>, one, block, 0, in.data(), out.data());
      for (unsigned i = 0; i < threads; ++i) expected[i] = int(i / 32 * 32 + (i + 1) % 32 + 1);
      return {report, out == expected};
    }
    case Planted::plain_add_from_many_blocks: {
      const auto report = run(count_threads<version>, dim3(4), dim3(1), 0, &total);
      return {report, total == 4};
    }
    case Planted::dynamic_shared_off_by_one: {
      const auto report =
          run(shift<version>, one, block, threads * sizeof(int), in.data(), out.data());
      return {report, out[0] == 2 && out[threads - 2] == int(threads)};
    }
    case Planted::shared_row_overrun: {
      const auto report =
          run(fill_rows, one, block, 0, out.data(), version == Version::healthy ? 9u : 10u);
      return {report, out[0] == 0 && out[1] == 0};
    }
    case Planted::tail_overrun: {
      in = ramp(100);
      const auto report = run(scale<version>, one, block, 0, in.data(), 100u);
      return {report, in[99] == 300};
    }
    case Planted::shuffle_loop_stops_early: {
      const auto report = run(sum_by_shuffles<version>, one, block, 0, in.data(), &total);
      return {report, total == int(threads * (threads + 1) / 2)};
    }
  }
  return {};
}

__global__ void copy_strided(const float* in, float* out, int stride) {
  out[threadIdx.x * unsigned(stride)] = in[threadIdx.x * unsigned(stride)];
}

template <unsigned columns>
__global__ void read_column(float* out) {
  SHARED_ARRAY(float, tile, [32][columns]);
  for (unsigned k = 0; k < columns; ++k) tile[k % 32][threadIdx.x] = float(k);
  __syncthreads();
  out[threadIdx.x] = tile[threadIdx.x][0];
}

}  // namespace

PlantedRun run_planted(Planted bug, Version version) {
  return version == Version::healthy ? run_version<Version::healthy>(bug)
                                     : run_version<Version::buggy>(bug);
}

PlantedLines lines(Planted bug) {
  switch (bug) {
    case Planted::no_barrier_after_load: return {load_line, load_line + 2};
    case Planted::no_barrier_before_next_tile: return {next_tile_line, next_tile_line + 2};
    case Planted::no_barrier_in_tree: return {tree_line, tree_line};
    case Planted::no_warp_barrier: return {warp_line, warp_line + 2};
    case Planted::plain_add_from_many_blocks: return {add_line, add_line};
    case Planted::dynamic_shared_off_by_one: return {dynamic_line, 0};
    case Planted::shared_row_overrun: return {row_line, 0};
    case Planted::tail_overrun: return {tail_line, 0};
    case Planted::shuffle_loop_stops_early: return {0, 0};
  }
  return {0, 0};
}

std::string run_strided_copy(int stride) {
  const std::size_t bytes = threads * std::size_t(stride) * sizeof(float);
  void *in = nullptr, *out = nullptr;
  cudaMalloc(&in, bytes);
  cudaMalloc(&out, bytes);
  launch(copy_strided, dim3(1), dim3(threads), 0, nullptr, static_cast<const float*>(in),
         static_cast<float*>(out), stride);
  const cudaError_t status = cudaDeviceSynchronize();
  cudaFree(in);
  cudaFree(out);
  return status == cudaSuccess ? "" : cudaGetErrorString(status);
}

std::string run_column_read(bool padded) {
  std::vector<float> out(32);
  return padded ? run(read_column<33>, dim3(1), dim3(32), 0, out.data())
                : run(read_column<32>, dim3(1), dim3(32), 0, out.data());
}

}  // namespace gpucheck
