#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "kernels/device/simulated/engine.hpp"

namespace gpucheck::simt {
namespace {

struct FromEnvironment {
  Settings settings;
  std::string error;
};

bool read_order(std::string_view text, Settings& settings) {
  const std::string_view name = text.substr(0, text.find(':'));
  const std::string_view seed = name.size() < text.size() ? text.substr(name.size() + 1) : "";
  if (name != "random") {
    settings.order = name == "reverse" ? Order::reverse : Order::forward;
    return text == "reverse" || text == "forward";
  }
  settings.order = Order::random;
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), settings.seed);
  return name.size() == text.size() || (error == std::errc{} && end == seed.data() + seed.size());
}

FromEnvironment read_environment() {
  FromEnvironment read;
  if (const char* text = std::getenv("GPUCHECK_SICKNESS"); text && *text) {
    const Result<Simulation> simulation = parse_simulation(text);
    if (simulation)
      read.settings.simulation = *simulation;
    else
      read.error = "GPUCHECK_SICKNESS: " + simulation.error().what;
  }
  const char* order = std::getenv("GPUCHECK_TEST_ORDER");
  if (order && *order && !read_order(order, read.settings))
    read.error = std::string("GPUCHECK_TEST_ORDER: '") + order +
                 "' must be forward, reverse or random[:SEED]";
  if (!read.error.empty()) std::fprintf(stderr, "simulated GPU: %s\n", read.error.c_str());
  return read;
}

FromEnvironment& from_environment() {
  static FromEnvironment read = read_environment();
  return read;
}

}  // namespace

Settings& settings() { return from_environment().settings; }

const std::string& settings_error() { return from_environment().error; }

bool sick(int device, Sickness sickness) {
  return device == 0 && settings().simulation.sickness == sickness;
}

}  // namespace gpucheck::simt
