#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "kernels/device/build.hpp"
#include "verify/report/export.hpp"
#include "verify/worker/task.hpp"

namespace gpucheck {
namespace {

const Command* const commands[] = {&doctor_command, &verify_command, &explain_command,
                                   &list_command};

constexpr const char* footer =
    "Examples:\n"
    "  gpucheck                          is this machine in order, and does it compute right "
    "numbers?\n"
    "  gpucheck --device 0 --json r.json the first GPU only, with a report for programs\n"
    "  gpucheck doctor                   what is here, what is wrong, what to type\n"
    "  gpucheck explain 802              what an error code means\n"
    "  gpucheck --simulate healthy       the same on a simulated GPU, where there is none\n"
    "\n"
    "Exit codes: 0 verified, 1 wrong results or a sick device, 2 not verified (set-up problem), 64 "
    "usage,\n"
    "70 gpucheck itself failed, 130 interrupted.";

extern "C" void on_signal(int) {
  // The second one is for a run that does not end by itself.
  if (interrupted()) _exit(130);
  interrupt_children();
}

void prepare_process() {
  // Closed standard descriptors would be given to files of ours, and text would be written into
  // them.
  while (true) {
    const int number = open("/dev/null", O_RDWR);
    if (number < 0) break;
    if (number > STDERR_FILENO) {
      close(number);
      break;
    }
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);  // Ignored by some launchers, and then nobody learns how a child ended.
  struct sigaction action = {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);  // nohup stays nohup.
  }
}

/// Becomes gpucheck-simulated; returns only where it cannot.
void become_simulated(char** argv) {
  const std::string self = program_path();
  const std::string sibling = self.substr(0, self.rfind('/') + 1) + "gpucheck-simulated";
  execv(sibling.c_str(), argv);
  throw UsageError(
      fmt::format("--simulate needs gpucheck-simulated beside gpucheck, which is built where the "
                  "CUDA headers are: scripts/run --toolkit pypi ({}: {})",
                  sibling, strerror(errno)));
}

void simulate(const Options& options, char** argv) {
  if (!options.simulate.empty()) require_sickness(options.simulate);
  if (!is_simulated()) {
    if (!options.simulate.empty()) become_simulated(argv);
    return;
  }
  // The children inherit it.
  if (!options.simulate.empty()) setenv("GPUCHECK_SICKNESS", options.simulate.c_str(), 1);
}

void add_simulate_option(CLI::App& app, Options& o) {
  app.add_option("--simulate", o.simulate,
                 "a simulated GPU: healthy, or a sickness such as bit_flip=1e-4, hang")
      ->type_name("HEALTH");
}

std::vector<std::string> words_of(const CLI::App& app, const std::string& like) {
  std::vector<std::string> words;
  if (like.starts_with("-")) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  } else {
    for (const Command* command : commands) words.emplace_back(command->name);
  }
  return words;
}

void refuse_unknown(const CLI::App& app, const CLI::App* sub) {
  const auto rest = app.remaining(true);
  if (rest.empty()) return;
  const std::string& word = rest.front();
  const CLI::App& context = sub == nullptr ? app : *sub;
  const std::string where = sub == nullptr ? "gpucheck" : "gpucheck " + sub->get_name();
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    throw UsageError(fmt::format("there is no option \"{}\"{}; {} --help lists them", name,
                                 suggestion(name, words_of(context, name)), where));
  }
  if (sub != nullptr)
    throw UsageError(fmt::format("{} takes no argument \"{}\"; {} --help tells what it takes",
                                 where, word, where));
  throw UsageError(fmt::format("there is no command \"{}\"{}; gpucheck --help lists them", word,
                               suggestion(word, words_of(app, word))));
}

// `--device "$UNSET"` is a mistake and does not mean "all"; `--json --quiet` forgot the file.
void refuse_missing_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (value.empty()) throw UsageError(option->get_name() + ": its value \"\" is empty");
      if (option->get_expected_min() > 0 && value.starts_with("--")) {
        throw UsageError(
            fmt::format("{} needs a value, and \"{}\" is an option", option->get_name(), value));
      }
    }
  }
}

int dispatch(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) options.arguments.emplace_back(argv[i]);
  CLI::App app(
      "Does this GPU machine work, does it compute right numbers, and if not, what do I type?",
      "gpucheck");
  app.set_version_flag("--version", std::string("gpucheck " GPUCHECK_VERSION) +
                                        (is_simulated() ? " (simulated)" : ""));
  app.footer(footer);
  app.allow_extras();
  add_common_options(app, options);
  add_simulate_option(app, options);
  std::vector<std::pair<CLI::App*, const Command*>> subcommands;
  for (const Command* command : commands) {
    CLI::App* sub = app.add_subcommand(command->name, command->summary);
    sub->allow_extras();
    sub->footer(std::string("Examples:\n") + command->examples);
    command->add_options(*sub, options);
    if (command->simulates) add_simulate_option(*sub, options);
    subcommands.emplace_back(sub, command);
  }
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    app.exit(asked, text, text);
    Screen screen(STDOUT_FILENO, "auto");
    screen.print(text.str());
    return screen.failed() ? 70 : 0;
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  const Command* chosen = nullptr;
  const CLI::App* sub = nullptr;
  for (const auto& [candidate, command] : subcommands) {
    if (candidate->parsed()) sub = candidate, chosen = command;
  }
  refuse_unknown(app, sub);
  refuse_missing_values(app);
  if (sub != nullptr) refuse_missing_values(*sub);
  parse_options(options);
  if (chosen == nullptr || chosen->simulates) simulate(options, argv);
  return chosen == nullptr ? check(options) : chosen->run(options);
}

}  // namespace
}  // namespace gpucheck

namespace {

// A plugin says on standard output that it does not know.
int end_badly(int argc, char** argv, const std::string& why, int code) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (std::ranges::count(arguments, "--nagios") == 0) {
    gpucheck::complain(why);
    return code;
  }
  gpucheck::Screen(STDOUT_FILENO, "never").print(gpucheck::nagios_line(code, why + "\n"));
  return gpucheck::nagios_code(code);
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto code = gpucheck::run_task(argc, argv)) return *code;
  gpucheck::prepare_process();
  try {
    return gpucheck::dispatch(argc, argv);
  } catch (const gpucheck::UsageError& error) {
    return end_badly(argc, argv, error.what(), 64);
  } catch (const std::exception& error) {
    return end_badly(argc, argv, std::string("internal error: ") + error.what(), 70);
  }
}
