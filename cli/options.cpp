#include "cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "gpucheck/dtype.hpp"
#include "gpucheck/op.hpp"
#include "kernels/device/simulation.hpp"
#include "kernels/ops.hpp"

namespace gpucheck {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t whole_number(const char* option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  const auto value = whole_number(text);
  if (value && *value >= least && *value <= most) return *value;
  throw UsageError(
      fmt::format("{}: \"{}\" is not a whole number from {} to {}", option, text, least, most));
}

// 90, 90s, 1.5m, 1h.
double duration_seconds(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  const double scale = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (error == std::errc() && scale > 0 && value > 0 && std::isfinite(value) &&
      value * scale <= 1e7)
    return value * scale;
  throw UsageError(
      fmt::format("--timeout: \"{}\" is not a time; allowed are seconds and 90s, 5m, 1h", text));
}

bool is_hex(std::string_view text, std::string_view others) {
  return !text.empty() && text.find_first_not_of(std::string("0123456789abcdefABCDEF") +
                                                 std::string(others)) == std::string_view::npos;
}

void require_device(const std::string& item) {
  if (item == "cpu") return;
  if (whole_number(item) && item.size() <= 4) return;
  if (item.starts_with("GPU-") && is_hex(item.substr(4), "-")) return;
  if (item.find(':') != std::string::npos && is_hex(item, ":.")) return;
  throw UsageError(
      fmt::format("--device: \"{}\" is not a device; allowed are 0, 1 and so on, a UUID (GPU-...), "
                  "a PCI address (0000:04:00.0) and cpu, with commas between them",
                  item));
}

enum class Patterns { refused, taken };

std::vector<std::string> chosen(const char* option, const std::string& text,
                                const std::vector<std::string>& allowed,
                                Patterns patterns = Patterns::taken) {
  if (text.empty()) return {};
  std::vector<std::string> items = split(text);
  for (const std::string& item : items) {
    const bool pattern =
        patterns == Patterns::taken && item.find_first_of("*?[") != std::string::npos;
    if (pattern || std::ranges::find(allowed, item) != allowed.end()) continue;
    throw UsageError(fmt::format("{}: there is no \"{}\"{}; allowed are {}", option, item,
                                 suggestion(item, allowed), fmt::join(allowed, ", ")));
  }
  return items;
}

std::vector<std::string> op_names() {
  std::vector<std::string> names;
  for (const Op* op : all_ops()) names.emplace_back(op->name);
  for (const char* workload :
       {"workload/A", "workload/B", "workload/C", "workload/D", "workload/E", "self-test"}) {
    names.emplace_back(workload);
  }
  return names;
}

std::vector<std::string> provider_names() {
  std::vector<std::string> names;
  for (const Provider p : {Provider::reference, Provider::cpu, Provider::kernel, Provider::vendor})
    names.emplace_back(name(p));
  for (const Op* op : all_ops()) {
    for (const Implementation& row : op->implementations) {
      if (std::ranges::find(names, row.name) == names.end()) names.emplace_back(row.name);
    }
  }
  return names;
}

}  // namespace

void parse_options(Options& o) {
  if (!o.raw.devices.empty()) o.devices = split(o.raw.devices);
  for (const std::string& item : o.devices) require_device(item);
  if (!o.raw.timeout.empty()) o.timeout_seconds = duration_seconds(o.raw.timeout);
  // 0 would say "verified" where nothing was.
  if (!o.raw.no_gpu_exit.empty())
    o.no_gpu_exit = static_cast<int>(whole_number("--no-gpu-exit", o.raw.no_gpu_exit, 1, 255));
  if (!o.raw.seed.empty()) o.seed = whole_number("--seed", o.raw.seed, 0, UINT64_MAX);
  if (!o.raw.repeat.empty())
    o.repeat = static_cast<int>(whole_number("--repeat", o.raw.repeat, 1, 1'000'000));
  chosen("--color", o.color, {"auto", "always", "never"}, Patterns::refused);
  o.ops = chosen("--op", o.raw.ops, op_names());
  o.dtypes = chosen("--dtype", o.raw.dtypes, {"f64", "f32", "f16", "bf16"});
  o.providers = chosen("--provider", o.raw.providers, provider_names());
  if (o.quiet && o.verbose) throw UsageError("--quiet and --verbose exclude each other");
}

void require_sickness(const std::string& text) {
  const auto simulation = parse_simulation(text);
  if (simulation) return;
  std::vector<std::string> names;
  for (const SicknessRow& row : sicknesses()) names.emplace_back(row.name);
  const std::string word = text.substr(0, text.find_first_of("=,"));
  const bool known = std::ranges::find(names, word) != names.end();
  throw UsageError("--simulate: " + simulation.error().what +
                   (known ? "" : suggestion(word, names)));
}

}  // namespace gpucheck
