#include "verify/workload/catalogue.hpp"

#include <algorithm>

#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

Case matmul_case(Dtype dtype, std::int64_t edge) {
  return {.op = "matmul_nn", .dtype = dtype, .shape = {{"m", edge}, {"n", edge}, {"k", edge}}};
}

/// 3x3 on 64 channels of 56x56: a layer of ResNet-50.
Case conv2d_case(Dtype dtype, std::int64_t images) {
  return {.op = "conv2d_fprop",
          .dtype = dtype,
          .output = dtype,
          .shape = {{"n", images},
                    {"c", 64},
                    {"h", 56},
                    {"w", 56},
                    {"k", 64},
                    {"r", 3},
                    {"s", 3},
                    {"pad", 1},
                    {"stride", 1},
                    {"dilation", 1},
                    {"groups", 1}},
          .layout = Layout::nhwc};
}

}  // namespace

std::vector<Case> throughput_cases(Load load) {
  const std::int64_t edge = load == Load::small ? 512 : 1024, images = load == Load::small ? 1 : 8;
  std::vector<Case> all;
  for (const Dtype dtype : {Dtype::f32, Dtype::bf16}) all.push_back(matmul_case(dtype, edge));
  for (const Dtype dtype : {Dtype::f32, Dtype::bf16}) all.push_back(conv2d_case(dtype, images));
  return all;
}

std::optional<AskedCase> find_case(std::string_view id) {
  const std::string_view op_name = id.substr(0, id.find('/'));
  const Op* op = find_op(op_name);
  if (op == nullptr) return std::nullopt;
  std::vector<Case> cases = op->cases();
  for (const Load load : {Load::small, Load::large})
    for (Case& c : throughput_cases(load))
      if (c.op == op_name) cases.push_back(std::move(c));
  for (const Implementation& implementation : op->implementations) {
    const std::string prefix = std::string(op_name) + '/' + std::string(implementation.name) + '/';
    if (!id.starts_with(prefix)) continue;
    for (Case& c : cases)
      if (case_id(*op, implementation, c) == id)
        return AskedCase{op, &implementation, std::move(c)};
  }
  return std::nullopt;
}

}  // namespace gpucheck
