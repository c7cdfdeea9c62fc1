#include "verify/doctor/facts.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "verify/doctor/csv.hpp"

namespace gpucheck {
namespace {

long take_number(std::string_view& text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (!text.empty() && !digit(text.front())) text.remove_prefix(1);
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc() ? value : 0;
}

int integer(std::string_view text) { return static_cast<int>(take_number(text)); }

// "525.60.13 (570.26 for Blackwell)": the first number is the floor.
std::string first_word(const std::string& cell) {
  return cell.substr(0, cell.find_first_of(" ;,("));
}

// Smallest value of a column over the toolkits of one CUDA version.
std::string smallest(int cuda_version, std::string_view column) {
  const Csv& requirements = table("driver_requirements");
  std::string result;
  for (const auto& row : requirements.rows) {
    if (integer(requirements.cell(row, "cuda_version_code")) != cuda_version) continue;
    const std::string version = first_word(requirements.cell(row, column));
    if (version.empty() || !std::isdigit(static_cast<unsigned char>(version.front()))) continue;
    if (result.empty() || compare_versions(version, result) < 0) result = version;
  }
  return result;
}

std::string arch_cell(int cc, std::string_view column) {
  const Csv& archs = table("arch_support");
  const std::string text = std::to_string(cc / 10) + "." + std::to_string(cc % 10);
  for (const auto& row : archs.rows) {
    if (archs.cell(row, "cc") == text) return archs.cell(row, column);
  }
  return "";
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const long left = take_number(a);
    const long right = take_number(b);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

std::string pci_name(std::string_view device_id) {
  const Csv& ids = table("pci_ids");
  for (const auto& row : ids.rows) {
    if (ids.cell(row, "device_id") == device_id && ids.cell(row, "subsystem_device").empty()) {
      return ids.cell(row, "name");
    }
  }
  for (const auto& row : ids.rows) {
    if (ids.cell(row, "device_id") == device_id) return ids.cell(row, "name");
  }
  return "";
}

std::string smallest_driver(int cuda_version) {
  const std::string compatible = smallest(cuda_version, "linux_min_minor_version_compat");
  return compatible.empty() ? smallest(cuda_version, "linux_x86_64_min_driver") : compatible;
}

std::string smallest_windows_driver(int cuda_version) {
  for (const char* column :
       {"wsl2_windows_driver_min", "windows_min_minor_version_compat", "windows_min_driver"}) {
    if (const std::string version = smallest(cuda_version, column); !version.empty())
      return version;
  }
  const std::string linux_driver = smallest_driver(cuda_version);
  return linux_driver.substr(0, linux_driver.find('.'));
}

std::string full_driver(int cuda_version) {
  return smallest(cuda_version, "linux_x86_64_min_driver");
}

int cuda_of_driver(std::string_view driver_version) {
  const Csv& branches = table("driver_branches");
  const int major = integer(driver_version);
  for (const auto& row : branches.rows) {
    if (integer(branches.cell(row, "branch")) == major)
      return integer(branches.cell(row, "cuDriverGetVersion"));
  }
  return 0;
}

std::string last_toolkit(int cc) { return arch_cell(cc, "last_cuda_toolkit"); }

std::string first_toolkit(int cc) { return arch_cell(cc, "first_cuda_toolkit"); }

std::string forward_compatibility(std::string_view package, std::string_view kernel_driver) {
  const Csv& matrix = table("forward_compat");
  const int branch = integer(kernel_driver);
  for (const auto& row : matrix.rows) {
    if (matrix.cell(row, "package") != "cuda-compat-" + std::string(package)) continue;
    for (const std::string& column : matrix.columns) {
      if (column.ends_with("R" + std::to_string(branch))) return matrix.cell(row, column);
    }
  }
  return "";
}

}  // namespace gpucheck
