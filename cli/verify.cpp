#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/run.hpp"
#include "verify/report/text/screen.hpp"

namespace gpucheck {
namespace {

void add_options(CLI::App& app, Options& o) {
  add_common_options(app, o);
  app.add_option("--only", o.only,
                 "cases whose id matches the pattern (* and ?); may be given several times")
      ->type_name("GLOB");
  app.add_option("--op", o.raw.ops, "operations, with commas; gpucheck list names them")
      ->type_name("LIST");
  app.add_option("--dtype", o.raw.dtypes, "f64, f32, f16, bf16, with commas")->type_name("LIST");
  app.add_option("--provider", o.raw.providers,
                 "reference, cpu, kernel, vendor or cudnn and the like, with commas")
      ->type_name("LIST");
  app.add_option("--seed", o.raw.seed, "of the inputs (1)")->type_name("N");
  app.add_option("--repeat", o.raw.repeat, "how often every case is run (1)")->type_name("N");
}

// Whether the filters leave anything on a machine with that many GPUs.
bool some_case(Selection selection, int gpus, bool simulated) {
  std::vector<Device> devices;
  for (int index = 0; index < gpus; ++index) {
    devices.push_back({.index = index, .cc = 90, .simulated = simulated});
    selection.devices.push_back(index);
  }
  const Plan plan = plan_verify(devices, selection);
  return !plan.units.empty() || !plan.not_applicable.empty();
}

// Known before any work, and whatever this machine has: a misspelt filter is not a set-up problem.
void require_some_case(const Options& o) {
  const Selection selection = {
      .only = o.only, .ops = o.ops, .dtypes = o.dtypes, .providers = o.providers};
  // The ids of workloads on several GPUs name how many they are.
  constexpr int most_gpus = 16;
  if (some_case(selection, 1, true)) return;
  for (int gpus = 1; gpus <= most_gpus; ++gpus) {
    if (some_case(selection, gpus, false)) return;
  }
  const std::string filter = o.only.empty() ? "all of --op, --dtype and --provider"
                                            : fmt::format("--only {}", fmt::join(o.only, ", "));
  throw UsageError(
      fmt::format("no case matches {}; an id reads op/implementation/dtype/shape/inputs, "
                  "and gpucheck list names the operations",
                  filter));
}

int run_verify(const Options& options) {
  require_some_case(options);
  Session session(options);
  const Style& style = session.screen.style;
  session.print(title_line(session.report, style) + "\n");
  run(session, plan_verify);
  session.print(op_screen(session.report, style));
  return session.finish(verdict_line(session.report, style));
}

}  // namespace

const Command verify_command = {
    "verify",
    "check every operation, implementation, dtype and shape",
    "  gpucheck verify --op matmul_tn --dtype bf16     one operation in one type\n"
    "  gpucheck verify --only '*/cudnn/*' --device 0   all of cuDNN on the first GPU\n"
    "  gpucheck verify --json - > report.json          the report for a program\n",
    true,
    add_options,
    run_verify};

}  // namespace gpucheck
