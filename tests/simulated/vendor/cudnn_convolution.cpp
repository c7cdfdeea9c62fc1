#include <cstring>
#include <vector>

#include "tests/simulated/vendor/cudnn_state.hpp"

namespace {

using namespace gpucheck;

constexpr std::size_t wanted_workspace = 64;

// Calls visit(offset in x, in the filter, in y) for every product, by cuDNN's definition of
// CUDNN_CROSS_CORRELATION.
template <class Visit>
void each_product(const cudnnTensorStruct& x, const cudnnFilterStruct& f,
                  const cudnnConvolutionStruct& v, const cudnnTensorStruct& y, Visit visit) {
  each(y, [&](int n, int k, int p, int q) {
    for (int c = 0; c < f.c; ++c)
      for (int r = 0; r < f.r; ++r)
        for (int s = 0; s < f.s; ++s) {
          const int h = p * v.stride_h + r * v.dilation_h - v.pad_h,
                    w = q * v.stride_w + s * v.dilation_w - v.pad_w;
          if (h < 0 || h >= x.h || w < 0 || w >= x.w) continue;
          visit(x.at(n, k / (f.k / v.groups) * f.c + c, h, w), f.at(k, c, r, s), y.at(n, k, p, q));
        }
  });
}

// Sizes that do not belong together, and what a GPU would compute in TF32.
bool wrong(const cudnnContext& handle, const cudnnTensorStruct& x, const cudnnFilterStruct& f,
           const cudnnConvolutionStruct& v, const cudnnTensorStruct& y) {
  const auto out = [](int in, int pad, int taps, int dilation, int stride) {
    return 1 + (in + 2 * pad - ((taps - 1) * dilation + 1)) / stride;
  };
  return !handle.wait() || x.n != y.n || x.c != f.c * v.groups || y.c != f.k ||
         f.k % v.groups != 0 || y.h != out(x.h, v.pad_h, f.r, v.dilation_h, v.stride_h) ||
         y.w != out(x.w, v.pad_w, f.s, v.dilation_w, v.stride_w) ||
         (x.dtype == Dtype::f32 && v.math != CUDNN_FMA_MATH);
}

// Scribbles over all of the workspace, as a kernel may.
bool used(void* workspace, std::size_t bytes) {
  if (workspace == nullptr || bytes < wanted_workspace) return false;
  const simt::KernelAccess access;
  std::memset(workspace, 0x5a, bytes);
  return true;
}

void store(Dtype dtype, const std::vector<double>& sums, void* elements) {
  from_f64(dtype, sums.data(), sums.size(), elements);
}

std::size_t size(const cudnnTensorStruct& t) { return std::size_t(t.n) * t.c * t.h * t.w; }

// First what must not be taken: a transform, then TF32, then a refusal; the right one is last.
template <class Performance, class Algorithm>
cudnnStatus_t list(Algorithm transform, Algorithm refused, Algorithm right, int wanted, int* found,
                   Performance* rows) {
  if (wanted < 4) return CUDNN_STATUS_BAD_PARAM;
  for (int i = 0; i < 4; ++i) rows[i] = {};
  rows[0].algo = transform;
  rows[0].mathType = CUDNN_FMA_MATH;
  rows[1].algo = right;
  rows[1].mathType = CUDNN_DEFAULT_MATH;
  rows[2].algo = refused;
  rows[2].status = CUDNN_STATUS_NOT_SUPPORTED;
  rows[2].mathType = CUDNN_FMA_MATH;
  rows[3].algo = right;
  rows[3].mathType = CUDNN_FMA_MATH;
  *found = 4;
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t, const cudnnTensorDescriptor_t,
                                                     const cudnnFilterDescriptor_t,
                                                     const cudnnConvolutionDescriptor_t,
                                                     const cudnnTensorDescriptor_t,
                                                     const int wanted, int* found,
                                                     cudnnConvolutionFwdAlgoPerf_t* rows) {
  return list(CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
              CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, wanted, found, rows);
}

cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t, const cudnnTensorDescriptor_t,
                                                      const cudnnFilterDescriptor_t,
                                                      const cudnnConvolutionDescriptor_t,
                                                      const cudnnTensorDescriptor_t,
                                                      cudnnConvolutionFwdAlgo_t, size_t* bytes) {
  *bytes = wanted_workspace;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha,
                                      const cudnnTensorDescriptor_t xDesc, const void* x,
                                      const cudnnFilterDescriptor_t wDesc, const void* w,
                                      const cudnnConvolutionDescriptor_t conv,
                                      cudnnConvolutionFwdAlgo_t algo, void* workspace, size_t bytes,
                                      const void* beta, const cudnnTensorDescriptor_t yDesc,
                                      void* y) {
  if (algo != CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM ||
      wrong(*handle, *xDesc, *wDesc, *conv, *yDesc) || !used(workspace, bytes) ||
      scale(xDesc->dtype, alpha) != 1 || scale(xDesc->dtype, beta) != 0)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  std::vector<double> sums(size(*yDesc));
  each_product(*xDesc, *wDesc, *conv, *yDesc, [&](auto i, auto j, auto k) {
    sums[std::size_t(k)] += element(xDesc->dtype, x, i) * element(wDesc->dtype, w, j);
  });
  store(yDesc->dtype, sums, y);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
    cudnnHandle_t, const cudnnFilterDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnConvolutionDescriptor_t, const cudnnTensorDescriptor_t, const int wanted, int* found,
    cudnnConvolutionBwdDataAlgoPerf_t* rows) {
  return list(CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD, CUDNN_CONVOLUTION_BWD_DATA_ALGO_0,
              CUDNN_CONVOLUTION_BWD_DATA_ALGO_1, wanted, found, rows);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(
    cudnnHandle_t, const cudnnFilterDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnConvolutionDescriptor_t, const cudnnTensorDescriptor_t,
    cudnnConvolutionBwdDataAlgo_t, size_t* bytes) {
  *bytes = wanted_workspace;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha,
                                           const cudnnFilterDescriptor_t wDesc, const void* w,
                                           const cudnnTensorDescriptor_t dyDesc, const void* dy,
                                           const cudnnConvolutionDescriptor_t conv,
                                           cudnnConvolutionBwdDataAlgo_t algo, void* workspace,
                                           size_t bytes, const void* beta,
                                           const cudnnTensorDescriptor_t dxDesc, void* dx) {
  if (algo != CUDNN_CONVOLUTION_BWD_DATA_ALGO_1 ||
      wrong(*handle, *dxDesc, *wDesc, *conv, *dyDesc) || !used(workspace, bytes) ||
      scale(dyDesc->dtype, alpha) != 1 || scale(dyDesc->dtype, beta) != 0)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  std::vector<double> sums(size(*dxDesc));
  each_product(*dxDesc, *wDesc, *conv, *dyDesc, [&](auto i, auto j, auto k) {
    sums[std::size_t(i)] += element(dyDesc->dtype, dy, k) * element(wDesc->dtype, w, j);
  });
  store(dxDesc->dtype, sums, dx);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(
    cudnnHandle_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnConvolutionDescriptor_t, const cudnnFilterDescriptor_t, const int wanted, int* found,
    cudnnConvolutionBwdFilterAlgoPerf_t* rows) {
  return list(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT, CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0,
              CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1, wanted, found, rows);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(
    cudnnHandle_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnConvolutionDescriptor_t, const cudnnFilterDescriptor_t,
    cudnnConvolutionBwdFilterAlgo_t, size_t* bytes) {
  *bytes = wanted_workspace;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha,
                                             const cudnnTensorDescriptor_t xDesc, const void* x,
                                             const cudnnTensorDescriptor_t dyDesc, const void* dy,
                                             const cudnnConvolutionDescriptor_t conv,
                                             cudnnConvolutionBwdFilterAlgo_t algo, void* workspace,
                                             size_t bytes, const void* beta,
                                             const cudnnFilterDescriptor_t dwDesc, void* dw) {
  if (algo != CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1 ||
      wrong(*handle, *xDesc, *dwDesc, *conv, *dyDesc) || !used(workspace, bytes) ||
      scale(xDesc->dtype, alpha) != 1 || scale(xDesc->dtype, beta) != 0)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  std::vector<double> sums(std::size_t(dwDesc->k) * dwDesc->c * dwDesc->r * dwDesc->s);
  each_product(*xDesc, *dwDesc, *conv, *dyDesc, [&](auto i, auto j, auto k) {
    sums[std::size_t(j)] += element(xDesc->dtype, x, i) * element(dyDesc->dtype, dy, k);
  });
  store(dwDesc->dtype, sums, dw);
  return CUDNN_STATUS_SUCCESS;
}
}
