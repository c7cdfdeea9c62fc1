#include "cli/commands.hpp"
#include "cli/run.hpp"
#include "verify/report/text/screen.hpp"

namespace gpucheck {

int check(const Options& options) {
  Session session(options);
  const Style& style = session.screen.style;
  session.print(title_line(session.report, style) + "\n");
  run(session, plan_workloads);
  session.print(workload_screen(session.report, style));
  return session.finish(verdict_line(session.report, style));
}

}  // namespace gpucheck
