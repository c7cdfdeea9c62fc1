#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "verify/doctor/diagnose.hpp"
#include "verify/doctor/embedded.hpp"
#include "verify/doctor/probe.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/text/findings.hpp"
#include "verify/report/text/numbers.hpp"
#include "verify/report/text/screen.hpp"
#include "verify/report/text/setup.hpp"

namespace gpucheck {
namespace {

void add_options(CLI::App& app, Options& o) {
  add_common_options(app, o);
  app.add_option("--from", o.from, "diagnose a saved snapshot or report instead of this machine")
      ->type_name("FILE");
  app.add_option("--simulate", o.simulate,
                 "diagnose the shipped machine of that row of the failure catalogue")
      ->type_name("ROW");
  app.add_option("--save", o.save,
                 "write the facts about this machine there, without names and serial numbers")
      ->type_name("FILE");
  app.add_flag("--no-redact", o.no_redact, "keep home directories, UUIDs and serial numbers in it");
  app.add_option("--python", o.python, "look into this Python environment too")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  app.add_option("--libraries", o.libraries, "look for libraries in this directory first")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
}

/// The snapshot shipped for a row of the failure catalogue.
Snapshot shipped(const std::string& row) {
  const std::string_view text = embedded("machines/" + row + ".json");
  const auto json = parse_json(text);
  if (text.empty() || !json) {
    throw UsageError("--simulate: no machine is shipped for \"" + row +
                     "\"; gpucheck list rules names the rows (D1, W1, ...)");
  }
  return snapshot_from_json(*json);
}

Snapshot facts(const Options& o, Clock::time_point until) {
  if (!o.simulate.empty()) return shipped(o.simulate);
  if (o.from.empty())
    return probe({.root = "", .python = o.python, .libraries = o.libraries, .until = until});
  auto snapshot = read_snapshot(o.from);
  if (!snapshot) throw UsageError("--from: " + snapshot.error().what);
  return std::move(*snapshot);
}

/// Nothing is known to be wrong, which is less than that nothing is wrong.
bool incomplete(const std::vector<Finding>& findings) {
  return std::ranges::find(findings, "machine.not_fully_probed", &Finding::id) != findings.end();
}

Verdict verdict_of(const std::vector<Finding>& findings) {
  bool sick = false, set_up = false;
  for (const Finding& f : findings) {
    if (f.severity == Severity::error) (f.sick_device ? sick : set_up) = true;
  }
  if (interrupted()) return {.status = Status::not_verified, .exit_code = 130};
  if (sick) return {.status = Status::failed, .exit_code = 1};
  if (set_up || incomplete(findings)) return {.status = Status::not_verified, .exit_code = 2};
  return {.status = Status::passed, .exit_code = 0};
}

std::string last_line(const Report& report, const Style& style) {
  const Finding* cause = main_cause(report.findings);
  const std::string end = fmt::format("  {:.1f} s{}\n", report.phases.back().seconds,
                                      report.simulated ? "  (simulated)" : "");
  if (report.verdict.exit_code == 130)
    return style.paint(Tone::warning, "INTERRUPTED: not everything was looked at.") + end;
  if (cause != nullptr)
    return style.paint(Tone::bad, (cause->sick_device ? "SICK DEVICE: " : "SET-UP PROBLEM: ") +
                                      one_line(cause->title) + ".") +
           end;
  if (incomplete(report.findings))
    return style.paint(Tone::warning, "NOT VERIFIED: not everything could be probed.") + end;
  const std::string gpus = counted(cuda_devices(report.snapshot).size(), "GPU");
  return style.paint(Tone::good, "The set-up is in order, " + gpus + ".") +
         "  gpucheck checks the numbers." + end;
}

int run_doctor(const Options& o) {
  if (!o.simulate.empty() && !o.from.empty())
    throw UsageError("--simulate and --from exclude each other");
  Session session(o);
  std::optional<OutputFile> save;
  if (o.save == "-") save = OutputFile::standard_output();
  if (!o.save.empty() && o.save != "-") save = session.create(o.save, "--save");
  Report& report = session.report;
  const Style& style = session.screen.style;
  report.simulated = report.simulated || !o.simulate.empty();
  // Before the first line: a file that cannot be read is one line, and not two.
  report.snapshot = facts(o, session.until());
  session.print(title_line(report, style) + "\n");
  report.findings = diagnose(report.snapshot);
  report.verdict = verdict_of(report.findings);
  session.phase("total", session.seconds());
  session.print(machine_screen(report, style));
  if (style.verbose) session.print(probes_text(report.snapshot, style) + "\n");
  if (save) {
    const Snapshot saved = o.no_redact ? report.snapshot : redacted(report.snapshot);
    session.write(*save, json_text(snapshot_json(saved)) + "\n");
  }
  return session.finish(last_line(report, style));
}

}  // namespace

const Command doctor_command = {
    "doctor",
    "what is here, what is wrong, and what to do about it",
    "  gpucheck doctor                     this machine\n"
    "  gpucheck doctor --save facts.json   its facts, to attach to a bug report\n"
    "  gpucheck doctor --from facts.json   what is wrong with the machine they came from\n",
    false,
    add_options,
    run_doctor};

}  // namespace gpucheck
