#include "kernels/device/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gpucheck {
namespace {

constexpr unsigned max_gpus = 8;
constexpr unsigned multiprocessors = 4;

constexpr std::array<SicknessRow, 8> rows{{
    {Sickness::healthy, "healthy", "", "nothing is wrong"},
    {Sickness::bit_flip, "bit_flip", "RATE|@ADDRESS",
     "after each kernel one bit flips in a byte of device memory with probability RATE (1e-4), or "
     "in byte ADDRESS of "
     "the memory in use"},
    {Sickness::wrong_lane, "wrong_lane", "LANE",
     "lane LANE (0) of every warp flips a bit of what it stores or hands to other lanes"},
    {Sickness::wrong_sm, "wrong_sm", "SM",
     "multiprocessor SM (0) of 4 flips a bit in all it stores in device memory"},
    {Sickness::launch_failure, "launch_failure", "CODE",
     "every kernel fails with CUDA error CODE (719)"},
    {Sickness::hang, "hang", "", "the first kernel never ends"},
    {Sickness::out_of_memory, "out_of_memory", "",
     "every allocation fails although memory is free"},
    {Sickness::slow_clock, "slow_clock", "FACTOR",
     "the clock is FACTOR (4) times too low, and the driver reports a hardware slowdown"},
}};

std::string choices() {
  std::string all;
  for (const SicknessRow& row : rows) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", row.name);
    if (!row.value.empty()) all += fmt::format("[={}]", row.value);
  }
  return all;
}

template <class T>
bool parse(std::string_view text, T& value, T least, T most) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Written so that a NaN is refused.
  return error == std::errc{} && end == text.data() + text.size() && value >= least &&
         value <= most;
}

// What is allowed where the value is bad, "" where it is good.
std::string read_value(std::string_view value, Simulation& simulation) {
  switch (simulation.sickness) {
    case Sickness::bit_flip:
      if (value.starts_with('@')) {
        simulation.address = 0;
        return parse<std::uint64_t>(value.substr(1), *simulation.address, 0, ~std::uint64_t{0})
                   ? ""
                   : "@ADDRESS, the number of a byte";
      }
      return parse(value, simulation.rate, 1e-12, 1.0) ? "" : "a rate from 1e-12 to 1, or @ADDRESS";
    case Sickness::wrong_lane:
      return parse(value, simulation.number, 0u, 31u) ? "" : "a lane from 0 to 31";
    case Sickness::wrong_sm:
      return parse(value, simulation.number, 0u, multiprocessors - 1)
                 ? ""
                 : "a multiprocessor from 0 to 3";
    case Sickness::launch_failure:
      return parse(value, simulation.code, 1, 999) ? "" : "a CUDA error code from 1 to 999";
    case Sickness::slow_clock:
      return parse(value, simulation.factor, 1.0, 1000.0) ? "" : "a factor from 1 to 1000";
    case Sickness::healthy:
    case Sickness::hang:
    case Sickness::out_of_memory: break;
  }
  return "no value";
}

}  // namespace

std::span<const SicknessRow> sicknesses() { return rows; }

Result<Simulation> parse_simulation(std::string_view text) {
  const auto wrong = [&](std::string_view part, const std::string& allowed) {
    return Error{fmt::format("'{}' is not a simulation: '{}' must be {}", text, part, allowed),
                 "--simulate"};
  };
  Simulation simulation;
  const std::string_view first = text.substr(0, text.find(','));
  const std::size_t equals = first.find('=');
  const auto row = std::ranges::find(rows, first.substr(0, equals), &SicknessRow::name);
  if (row == rows.end()) return wrong(first, "one of " + choices());
  simulation.sickness = row->sickness;
  if (equals != first.npos)
    if (const std::string allowed = read_value(first.substr(equals + 1), simulation);
        !allowed.empty())
      return wrong(first, fmt::format("{} with {}", row->name, allowed));
  if (first.size() == text.size()) return simulation;
  const std::string_view second = text.substr(first.size() + 1);
  if (!second.starts_with("gpus=") || !parse(second.substr(5), simulation.gpus, 1u, max_gpus))
    return wrong(second, fmt::format("gpus=N with N from 1 to {}", max_gpus));
  return simulation;
}

}  // namespace gpucheck
