#include "verify/doctor/codes.hpp"

#include "verify/doctor/csv.hpp"

namespace gpucheck {
namespace {

const std::vector<std::string>* find_code(std::string_view domain, long code) {
  const Csv& codes = table("cuda_errors");
  const std::string number = std::to_string(code);
  for (const auto& row : codes.rows) {
    if (codes.cell(row, "domain") == domain && codes.cell(row, "code") == number) return &row;
  }
  return nullptr;
}

}  // namespace

std::string_view domain_of_call(std::string_view api) {
  if (api.starts_with("nvml")) return "nvml";
  if (api.starts_with("cudnn")) return "cudnn9";
  if (api.starts_with("cublas")) return "cublas";
  if (api.starts_with("nccl")) return "nccl";
  if (api.starts_with("nvrtc")) return "";
  return "cuda";
}

std::string code_name(std::string_view domain, long code) {
  const auto* row = find_code(domain, code);
  return row == nullptr ? "" : table("cuda_errors").cell(*row, "name");
}

std::string name_of_returned(std::string_view api, long code) {
  const bool driver = api.size() > 2 && api.starts_with("cu") && api[2] >= 'A' && api[2] <= 'Z';
  const auto* row = driver ? find_code("cuda", code) : nullptr;
  const std::string name = row == nullptr ? "" : table("cuda_errors").cell(*row, "alt_name");
  return name.empty() ? code_name(domain_of_call(api), code) : name;
}

std::string code_meaning(std::string_view domain, long code) {
  const auto* row = find_code(domain, code);
  if (row == nullptr) return "";
  const Csv& codes = table("cuda_errors");
  const std::string& meaning = codes.cell(*row, "meaning");
  return meaning.empty() ? codes.cell(*row, "message") : meaning;
}

}  // namespace gpucheck
