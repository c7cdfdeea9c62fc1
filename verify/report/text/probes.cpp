#include <fmt/format.h>

#include "verify/report/text/setup.hpp"

namespace gpucheck {
namespace {

std::string library_text(const LibraryProbe& library) {
  std::string text = fmt::format("  {:<28} {}", library.name,
                                 one_line(library.opened.empty() ? library.error : library.opened));
  if (!library.version.empty()) text += ", " + library.version;
  if (!library.package.empty()) text += ", of " + library.package;
  text += "\n";
  for (const Candidate& c : library.candidates) {
    text += fmt::format("    {:<16} {}{}{}\n", c.source, one_line(c.path),
                        c.error.empty() ? "" : ": ", one_line(c.error));
  }
  return text;
}

std::string call_text(const CallProbe& call) {
  std::string end = call.timed_out ? "no answer"
                    : call.signal  ? fmt::format("crashed, signal {}", *call.signal)
                                   : "not called";
  if (call.code) end = fmt::format("code {}", *call.code);
  if (call.value) end += fmt::format(", {}", *call.value);
  const std::string device = call.device ? fmt::format(" GPU {}", *call.device) : "";
  const std::string variant = call.variant.empty() ? "" : " (" + one_line(call.variant) + ")";
  return fmt::format("  {:<28} {}, {:.3f} s{}\n", call.api + device, end, call.seconds, variant);
}

}  // namespace

std::string probes_text(const Snapshot& snapshot, const Style& style) {
  std::string text = style.paint(Tone::strong, "Libraries") + "\n";
  for (const LibraryProbe& library : snapshot.libraries) text += library_text(library);
  text += "\n" + style.paint(Tone::strong, "Calls") + "\n";
  for (const CallProbe& call : snapshot.calls) text += call_text(call);
  return text;
}

}  // namespace gpucheck
