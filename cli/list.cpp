#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "kernels/ops.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/report/text/table.hpp"

namespace gpucheck {
namespace {

std::string ops_text(const Style& style) {
  Table table(
      {{"Operation"}, {"implementations"}, {"dtypes"}, {"cases", Align::right}, {"formula"}});
  for (const Op* op : all_ops()) {
    std::string implementations, dtypes;
    for (const Implementation& row : op->implementations)
      implementations.append(implementations.empty() ? "" : " ").append(row.name);
    std::set<Dtype> seen;
    const auto cases = op->cases();
    for (const Case& c : cases) seen.insert(c.dtype);
    for (const Dtype dtype : seen) dtypes.append(dtypes.empty() ? "" : " ").append(name(dtype));
    table.add({"  " + std::string(op->name), implementations, dtypes, std::to_string(cases.size()),
               std::string(op->formula)});
  }
  return table.text(style);
}

std::string rules_text(const Style& style) {
  Table table({{"Rule"}, {"catalogue"}});
  for (const RuleRow& row : all_rules())
    table.add({"  " + std::string(row.id), std::string(row.catalogue)});
  return table.text(style);
}

std::string devices_list(const Style& style) {
  Table table({{"Device"}, {"name"}, {"compute capability"}, {"PCI"}});
  for (const Device& d : cuda_devices(probe()))
    table.add({"  " + std::to_string(d.index), d.name, fmt::format("{}.{}", d.cc / 10, d.cc % 10),
               d.pci});
  table.add({"  cpu", "this machine's processors", "", ""});
  return table.text(style);
}

struct Section {
  const char* name;
  std::string (*text)(const Style&);
};

constexpr Section sections[] = {
    {"ops", ops_text}, {"rules", rules_text}, {"devices", devices_list}};

void add_options(CLI::App& app, Options& o) {
  app.add_option("what", o.words, "ops, rules or devices; all of them without it");
  app.add_option("--color", o.color, "auto, always or never (NO_COLOR is honoured)")
      ->type_name("WHEN");
}

int run_list(const Options& o) {
  std::vector<std::string> names;
  for (const Section& section : sections) names.emplace_back(section.name);
  for (const std::string& word : o.words) {
    if (std::ranges::find(names, word) != names.end()) continue;
    throw UsageError(fmt::format("list: there is no \"{}\"{}; allowed are {}", word,
                                 suggestion(word, names), fmt::join(names, ", ")));
  }
  Screen screen(1, o.color);
  bool first = true;
  for (const Section& section : sections) {
    if (!o.words.empty() && std::ranges::find(o.words, section.name) == o.words.end()) continue;
    screen.print((first ? "" : "\n") + section.text(screen.style));
    first = false;
  }
  return screen.failed() ? 70 : 0;
}

}  // namespace

const Command list_command = {"list",
                              "operations, implementations, rules and devices",
                              "  gpucheck list          everything\n"
                              "  gpucheck list devices  the GPUs, as --device takes them\n",
                              false,
                              add_options,
                              run_list};

}  // namespace gpucheck
