#include <CLI/CLI.hpp>

#include "cli/options.hpp"

namespace gpucheck {

void add_common_options(CLI::App& app, Options& o) {
  app.add_option("--device", o.raw.devices, "GPUs to use: 0,1 or UUID or PCI address; cpu for none")
      ->type_name("LIST");
  app.add_option(
         "--json", o.json,
         "write the report there; - is standard output, and the text goes to standard error")
      ->type_name("FILE");
  app.add_option("--junit", o.junit, "write JUnit XML there")->type_name("FILE");
  app.add_option("--prometheus", o.prometheus, "write Prometheus text there")->type_name("FILE");
  app.add_option("--timeout", o.raw.timeout,
                 "stop after that time; what has not run by then is not verified")
      ->type_name("TIME");
  app.add_option("--color", o.color, "auto, always or never (NO_COLOR is honoured)")
      ->type_name("WHEN");
  app.add_option("--no-gpu-exit", o.raw.no_gpu_exit,
                 "exit code instead of 2 where there is no GPU (77: CTest's skip)")
      ->type_name("N");
  app.add_flag("--nagios", o.nagios, "one status line and the exit codes of a Nagios plugin");
  app.add_flag("-q,--quiet", o.quiet, "print the verdict only");
  app.add_flag("-v,--verbose", o.verbose, "print everything, and how long each phase took");
}

}  // namespace gpucheck
