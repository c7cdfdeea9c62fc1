#include <limits>
#include <vector>

#include "tests/simulated/vendor/cudnn_state.hpp"

namespace {

using namespace gpucheck;

bool wrong(cudnnHandle_t handle, Dtype dtype, const void* alpha, const void* beta,
           double wanted_beta) {
  return !handle->wait() || scale(dtype, alpha) != 1 || scale(dtype, beta) != wanted_beta;
}

// Calls visit(row, column) for every element of x in the window of output (p, q), in row-major
// order.
template <class Visit>
void each_in_window(const cudnnPoolingStruct& v, const cudnnTensorStruct& x, int p, int q,
                    Visit visit) {
  for (int i = 0; i < v.window_h; ++i)
    for (int j = 0; j < v.window_w; ++j) {
      const int h = p * v.stride_h - v.pad_h + i, w = q * v.stride_w - v.pad_w + j;
      if (h >= 0 && h < x.h && w >= 0 && w < x.w) visit(h, w);
    }
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha,
                             const cudnnTensorDescriptor_t a, const void* A, const void* beta,
                             const cudnnTensorDescriptor_t c, void* C) {
  if (wrong(handle, c->dtype, alpha, beta, 1) || a->c != c->c || a->n != 1)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  each(*c, [&](int n, int k, int h, int w) {
    const auto at = c->at(n, k, h, w);
    set_element(c->dtype, C, at,
                element(a->dtype, A, a->at(0, k, 0, 0)) + element(c->dtype, C, at));
  });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t handle, const void* alpha,
                                           const cudnnTensorDescriptor_t dyDesc, const void* dy,
                                           const void* beta, const cudnnTensorDescriptor_t dbDesc,
                                           void* db) {
  if (wrong(handle, dyDesc->dtype, alpha, beta, 0) || dbDesc->c != dyDesc->c || dbDesc->n != 1)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  std::vector<double> sums(std::size_t(dbDesc->c));
  each(*dyDesc, [&](int n, int c, int h, int w) {
    sums[std::size_t(c)] += element(dyDesc->dtype, dy, dyDesc->at(n, c, h, w));
  });
  from_f64(dbDesc->dtype, sums.data(), sums.size(), db);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnActivationForward(cudnnHandle_t handle, cudnnActivationDescriptor_t activation,
                                     const void* alpha, const cudnnTensorDescriptor_t xDesc,
                                     const void* x, const void* beta,
                                     const cudnnTensorDescriptor_t yDesc, void* y) {
  if (wrong(handle, xDesc->dtype, alpha, beta, 0) || activation->mode != CUDNN_ACTIVATION_RELU)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  each(*xDesc, [&](int n, int c, int h, int w) {
    const double value = element(xDesc->dtype, x, xDesc->at(n, c, h, w));
    set_element(yDesc->dtype, y, yDesc->at(n, c, h, w), value > 0 ? value : 0);
  });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnActivationBackward(cudnnHandle_t handle, cudnnActivationDescriptor_t activation,
                                      const void* alpha, const cudnnTensorDescriptor_t yDesc,
                                      const void* y, const cudnnTensorDescriptor_t dyDesc,
                                      const void* dy, const cudnnTensorDescriptor_t xDesc,
                                      const void* x, const void* beta,
                                      const cudnnTensorDescriptor_t dxDesc, void* dx) {
  if (wrong(handle, xDesc->dtype, alpha, beta, 0) || activation->mode != CUDNN_ACTIVATION_RELU)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  each(*xDesc, [&](int n, int c, int h, int w) {
    const bool positive = element(xDesc->dtype, x, xDesc->at(n, c, h, w)) > 0 &&
                          element(yDesc->dtype, y, yDesc->at(n, c, h, w)) > 0;
    const double value = positive ? element(dyDesc->dtype, dy, dyDesc->at(n, c, h, w)) : 0;
    set_element(dxDesc->dtype, dx, dxDesc->at(n, c, h, w), value);
  });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnPoolingForward(cudnnHandle_t handle, const cudnnPoolingDescriptor_t pooling,
                                  const void* alpha, const cudnnTensorDescriptor_t xDesc,
                                  const void* x, const void* beta,
                                  const cudnnTensorDescriptor_t yDesc, void* y) {
  if (wrong(handle, xDesc->dtype, alpha, beta, 0) ||
      pooling->mode != CUDNN_POOLING_MAX_DETERMINISTIC)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  each(*yDesc, [&](int n, int c, int p, int q) {
    double best = -std::numeric_limits<double>::infinity();
    each_in_window(*pooling, *xDesc, p, q, [&](int h, int w) {
      best = std::max(best, element(xDesc->dtype, x, xDesc->at(n, c, h, w)));
    });
    set_element(yDesc->dtype, y, yDesc->at(n, c, p, q), best);
  });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnPoolingBackward(cudnnHandle_t handle, const cudnnPoolingDescriptor_t pooling,
                                   const void* alpha, const cudnnTensorDescriptor_t yDesc,
                                   const void* y, const cudnnTensorDescriptor_t dyDesc,
                                   const void* dy, const cudnnTensorDescriptor_t xDesc,
                                   const void* x, const void* beta,
                                   const cudnnTensorDescriptor_t dxDesc, void* dx) {
  if (wrong(handle, xDesc->dtype, alpha, beta, 0) ||
      pooling->mode != CUDNN_POOLING_MAX_DETERMINISTIC)
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  std::vector<double> sums(std::size_t(xDesc->n) * xDesc->c * xDesc->h * xDesc->w);
  each(*yDesc, [&](int n, int c, int p, int q) {
    const double best = element(yDesc->dtype, y, yDesc->at(n, c, p, q));
    bool taken = false;
    each_in_window(*pooling, *xDesc, p, q, [&](int h, int w) {
      if (taken || element(xDesc->dtype, x, xDesc->at(n, c, h, w)) != best) return;
      taken = true;
      sums[std::size_t(dxDesc->at(n, c, h, w))] +=
          element(dyDesc->dtype, dy, dyDesc->at(n, c, p, q));
    });
  });
  from_f64(dxDesc->dtype, sums.data(), sums.size(), dx);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetReductionWorkspaceSize(cudnnHandle_t, const cudnnReduceTensorDescriptor_t,
                                             const cudnnTensorDescriptor_t,
                                             const cudnnTensorDescriptor_t, size_t* bytes) {
  *bytes = 32;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnReduceTensor(cudnnHandle_t handle, const cudnnReduceTensorDescriptor_t reduction,
                                void*, size_t, void* workspace, size_t bytes, const void* alpha,
                                const cudnnTensorDescriptor_t a, const void* A, const void* beta,
                                const cudnnTensorDescriptor_t c, void* C) {
  // Half may be mixed with float if the sum is formed in float (cudnnReduceTensor).
  const bool wide = a->dtype == Dtype::f64;
  if (wrong(handle, a->dtype, alpha, beta, 0) || reduction->operation != CUDNN_REDUCE_TENSOR_ADD ||
      workspace == nullptr || bytes < 32 ||
      reduction->compute != (wide ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT))
    return CUDNN_STATUS_BAD_PARAM;
  const simt::KernelAccess access;
  double sum = 0;
  each(*a, [&](int n, int k, int h, int w) { sum += element(a->dtype, A, a->at(n, k, h, w)); });
  set_element(c->dtype, C, 0, sum);
  return CUDNN_STATUS_SUCCESS;
}

// Needed to be opened, never called.
cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t, cudnnSoftmaxAlgorithm_t, cudnnSoftmaxMode_t,
                                  const void*, const cudnnTensorDescriptor_t, const void*,
                                  const void*, const cudnnTensorDescriptor_t, void*) {
  return CUDNN_STATUS_NOT_SUPPORTED;
}

cudnnStatus_t cudnnSoftmaxBackward(cudnnHandle_t, cudnnSoftmaxAlgorithm_t, cudnnSoftmaxMode_t,
                                   const void*, const cudnnTensorDescriptor_t, const void*,
                                   const cudnnTensorDescriptor_t, const void*, const void*,
                                   const cudnnTensorDescriptor_t, void*) {
  return CUDNN_STATUS_NOT_SUPPORTED;
}
}
