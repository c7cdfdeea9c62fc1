#include "verify/doctor/explain.hpp"

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace gpucheck {
namespace {

void add_options(CLI::App& app, Options& o) {
  app.add_option("what", o.words, "a code, a name, an Xid, or an error line as it was printed");
}

int run_explain(const Options& o) {
  std::string question;
  for (const std::string& word : o.words) question += (question.empty() ? "" : " ") + word;
  if (question.empty()) throw UsageError("explain: what? For example: gpucheck explain 802");
  const Explanation answer = explain(question);
  if (!answer.known) throw UsageError("explain: " + answer.text);
  Screen screen(STDOUT_FILENO, "auto");
  screen.print(answer.text.ends_with('\n') ? answer.text : answer.text + "\n");
  return screen.failed() ? 70 : 0;
}

}  // namespace

const Command explain_command = {
    "explain",
    "what an error code or message means, offline",
    "  gpucheck explain 802            in every library that has the code, CUDA first\n"
    "  gpucheck explain cudnn 1002\n"
    "  gpucheck explain xid 79\n"
    "  gpucheck explain 'Failed to initialize NVML: Driver/library version mismatch'\n",
    false,
    add_options,
    run_explain};

}  // namespace gpucheck
