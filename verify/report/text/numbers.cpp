#include "verify/report/text/numbers.hpp"

#include <fmt/format.h>

#include <cmath>

namespace gpucheck {
namespace {

std::string three_digits(double value) {
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace

std::string grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ' ');
  return text;
}

std::string error_text(double worst) {
  if (worst == 0) return "0";
  if (!std::isfinite(worst) || worst < 0.01 || worst >= 1000) return fmt::format("{:.1e}", worst);
  return fmt::format("{:.2f}", worst);
}

std::string duration_text(double seconds) {
  if (!(seconds > 0)) return "-";
  if (seconds < 999.5e-9) return three_digits(seconds * 1e9) + " ns";
  if (seconds < 999.5e-6) return three_digits(seconds * 1e6) + " us";
  if (seconds < 999.5e-3) return three_digits(seconds * 1e3) + " ms";
  return three_digits(seconds) + " s";
}

std::string rate_text(double per_second, const char* unit) {
  if (!(per_second > 0) || !std::isfinite(per_second)) return "-";
  double value = per_second;
  for (const char* prefix : {"", "k", "M", "G"}) {
    if (value < 999.5) return three_digits(value) + " " + prefix + unit;
    value /= 1000;
  }
  return three_digits(value) + " T" + unit;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace gpucheck
