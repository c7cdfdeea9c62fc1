#pragma once

// The only place that knows in what the oneDNN versions 2.5 to 3.x differ: up to 2.x a primitive's
// description is made from an operation's, since 3.0 from the engine and the same arguments.

#include <oneapi/dnnl/dnnl.hpp>

namespace gpucheck::onednn {

inline const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// f32 means f32: no silent bf16 or tf32, whatever the environment allows.
inline dnnl::primitive_attr strict() {
  dnnl::primitive_attr attributes;
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  return attributes;
}

#if DNNL_VERSION_MAJOR >= 3

using PoolingForward = dnnl::pooling_forward;
using PoolingBackward = dnnl::pooling_backward;

template <class Primitive, class... Arguments>
typename Primitive::primitive_desc describe(const Arguments&... arguments) {
  return {cpu(), arguments..., strict()};
}

/// Of a gradient, which wants the description of the forward pass it belongs to.
template <class Primitive, class Forward, class... Arguments>
typename Primitive::primitive_desc describe_gradient(const Forward& forward,
                                                     const Arguments&... arguments) {
  return {cpu(), arguments..., forward, strict()};
}

inline dnnl::eltwise_forward::primitive_desc describe_relu(const dnnl::memory::desc& x) {
  return describe<dnnl::eltwise_forward>(dnnl::prop_kind::forward_training,
                                         dnnl::algorithm::eltwise_relu_use_dst_for_bwd, x, x, 0.0f,
                                         0.0f);
}

inline dnnl::eltwise_backward::primitive_desc describe_relu_gradient(const dnnl::memory::desc& x) {
  return describe_gradient<dnnl::eltwise_backward>(
      describe_relu(x), dnnl::algorithm::eltwise_relu_use_dst_for_bwd, x, x, x, 0.0f, 0.0f);
}

/// Along each row of a matrix.
inline dnnl::softmax_forward::primitive_desc describe_softmax(const dnnl::memory::desc& x) {
  return describe<dnnl::softmax_forward>(dnnl::prop_kind::forward_inference,
                                         dnnl::algorithm::softmax_accurate, x, x, 1);
}

#else

using PoolingForward = dnnl::pooling_v2_forward;
using PoolingBackward = dnnl::pooling_v2_backward;

template <class Primitive, class... Arguments>
typename Primitive::primitive_desc describe(const Arguments&... arguments) {
  return {typename Primitive::desc(arguments...), strict(), cpu()};
}

/// Of a gradient, which wants the description of the forward pass it belongs to.
template <class Primitive, class Forward, class... Arguments>
typename Primitive::primitive_desc describe_gradient(const Forward& forward,
                                                     const Arguments&... arguments) {
  return {typename Primitive::desc(arguments...), strict(), cpu(), forward};
}

inline dnnl::eltwise_forward::primitive_desc describe_relu(const dnnl::memory::desc& x) {
  return describe<dnnl::eltwise_forward>(dnnl::prop_kind::forward_training,
                                         dnnl::algorithm::eltwise_relu_use_dst_for_bwd, x, 0.0f,
                                         0.0f);
}

inline dnnl::eltwise_backward::primitive_desc describe_relu_gradient(const dnnl::memory::desc& x) {
  return describe_gradient<dnnl::eltwise_backward>(
      describe_relu(x), dnnl::algorithm::eltwise_relu_use_dst_for_bwd, x, x, 0.0f, 0.0f);
}

/// Along each row of a matrix.
inline dnnl::softmax_forward::primitive_desc describe_softmax(const dnnl::memory::desc& x) {
  return describe<dnnl::softmax_forward>(dnnl::prop_kind::forward_inference, x, 1);
}

#endif

}  // namespace gpucheck::onednn
