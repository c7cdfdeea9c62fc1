#include "verify/report/text/setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/setup_rows.hpp"

namespace gpucheck {
namespace {

Tone tone_of(SetupState state) {
  switch (state) {
    case SetupState::ok: return Tone::good;
    case SetupState::warning: return Tone::warning;
    case SetupState::error: return Tone::bad;
    case SetupState::info:
    case SetupState::unknown: return Tone::faint;
  }
  return Tone::faint;
}

// "driver" and its neighbours begin at column 9, what is said about them at column 25.
constexpr int text_column = 25;

std::string row_text(const SetupRow& row, int path_column, const Style& style) {
  const std::string state = row.state == SetupState::unknown ? "-" : std::string(name(row.state));
  const std::string said = one_line(row.text), path = one_line(row.path);
  std::string text = fmt::format("  {}{}{:<16}", style.paint(tone_of(row.state), state),
                                 std::string(7 - state.size(), ' '), row.name);
  if (path.empty()) return text + wrapped(said, style.width, text_column) + "\n";
  const bool fits = style.width == 0 || path_column + display_width(path) <= style.width;
  text +=
      said + (fits ? std::string(std::max(3, path_column - text_column - display_width(said)), ' ')
                   : "\n" + std::string(text_column, ' '));
  return text + style.paint(Tone::faint, path) + "\n";
}

const LibraryProbe* opened_library(const Snapshot& snapshot, std::string_view prefix) {
  const auto found = std::ranges::find_if(snapshot.libraries, [&](const LibraryProbe& library) {
    return std::string_view(library.name).starts_with(prefix) && !library.opened.empty();
  });
  return found == snapshot.libraries.end() ? nullptr : &*found;
}

}  // namespace

std::string setup_text(const Snapshot& s, const Style& style) {
  const auto rows = setup_rows(s);
  int path_column = text_column + 27;
  for (const SetupRow& row : rows) {
    if (!row.path.empty())
      path_column = std::max(path_column, text_column + 3 + display_width(one_line(row.text)));
  }
  std::string text = style.paint(Tone::strong, "Set-up") + "\n";
  for (const SetupRow& row : rows) text += row_text(row, path_column, style);
  return text;
}

std::string devices_text(const Snapshot& s, const Style& style) {
  const CallProbe* driver = call(s, "cuDriverGetVersion");
  // The driver of a simulated GPU is the runtime itself.
  const std::string driver_version = driver != nullptr && driver->value
                                         ? cuda_text(static_cast<int>(*driver->value))
                                     : s.simulated ? cuda_text(s.built_with.cuda)
                                                   : "unknown";
  const LibraryProbe* cudnn = opened_library(s, "libcudnn.so.");
  std::string text;
  for (const Device& d : cuda_devices(s)) {
    // Word by word as PaddlePaddle prints it, so that scripts which read one can read the other.
    text += fmt::format(
        "device: {}, GPU Compute Capability: {}.{}, Driver API Version: {}, Runtime API Version: "
        "{}\n",
        d.index, d.cc / 10, d.cc % 10, driver_version, cuda_text(s.built_with.cuda));
    if (cudnn != nullptr && !cudnn->version.empty()) {
      const std::size_t second_dot = cudnn->version.find('.', cudnn->version.find('.') + 1);
      text += fmt::format("device: {}, cuDNN Version: {}.\n", d.index,
                          cudnn->version.substr(0, second_dot));
    }
    text += fmt::format("{}{}{}{}{} GiB", one_line(d.name), style.dot(),
                        d.sms == 1 ? "1 SM" : fmt::format("{} SMs", d.sms), style.dot(),
                        (d.memory_bytes + (std::uint64_t{1} << 29)) >> 30);
    if (!d.pci.empty()) text += fmt::format("{}PCI {}", style.dot(), d.pci);
    if (!d.processes.empty())
      text += fmt::format("\nin use by PID {}: times may be longer than they need be",
                          fmt::join(d.processes, ", "));
    if (d.simulated) text += fmt::format("{}simulated", style.dot());
    text += "\n";
  }
  return text;
}

}  // namespace gpucheck
