#include "verify/report/text/labels.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace gpucheck {
namespace {

constexpr std::pair<std::string_view, std::string_view> titles[] = {
    {"workload/A", "linear forward+backward (A)"},   {"workload/B", "linear, Adam step (B)"},
    {"workload/C", "data-parallel, SGD step (C)"},   {"workload/D", "data-parallel, Adam step (D)"},
    {"workload/E", "convolution net, 10 steps (E)"}, {"self-test", "self-test of the checker"},
};

constexpr std::pair<std::string_view, std::string_view> spellings[] = {
    {"plain", "kernel"},          {"cublas", "cuBLAS"},     {"cublasLt", "cuBLASLt"},
    {"cudnn", "cuDNN"},           {"onednn", "CPU oneDNN"}, {"openblas", "CPU OpenBLAS"},
    {"reference", "CPU float64"}, {"compare", "-"},         {"cpu", "CPU"},
};

// Dimensions by letter: {"m": 8, "n": 8} of "m8n8k8".
std::map<char, std::string> dimensions(std::string_view shape) {
  std::map<char, std::string> values;
  char letter = 0;
  for (const char c : shape.substr(0, shape.find('_'))) {
    if (std::isdigit(static_cast<unsigned char>(c))) {
      values[letter] += c;
    } else {
      letter = c;
    }
  }
  return values;
}

std::string readable_shape(std::string_view op, std::string_view shape) {
  auto d = dimensions(shape);
  if (op.starts_with("matmul")) return fmt::format("{}x{}x{}", d['m'], d['n'], d['k']);
  if (op.starts_with("conv2d"))
    return fmt::format("{}{}x{}x{} {}x{}", d['n'] == "1" ? "" : d['n'] + "x", d['c'], d['h'],
                       d['w'], d['r'], d['s']);
  return std::string(shape);
}

}  // namespace

std::string_view shape_of(std::string_view id) {
  for (int part = 0; part < 3; ++part) {
    const std::size_t slash = id.find('/');
    if (slash == std::string_view::npos) return "";
    id.remove_prefix(slash + 1);
  }
  return id.substr(0, id.find('/'));
}

std::string work_label(const CaseResult& r) {
  for (const auto& [op, title] : titles) {
    if (op == r.op) return std::string(title);
  }
  const std::string_view shape = shape_of(r.id);
  return fmt::format("{} {} {}", r.op, readable_shape(r.op, shape), name(r.dtype));
}

std::string implementation_label(const CaseResult& r) {
  for (const auto& [implementation, spelling] : spellings) {
    if (implementation != r.implementation) continue;
    // The same reference code can stand for the CPU and check a GPU.
    return !r.device || r.provider != Provider::cpu ? std::string(spelling) : r.implementation;
  }
  return r.implementation;
}

}  // namespace gpucheck
