#include "cli/session.hpp"

#include <errno.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "kernels/device/build.hpp"
#include "kernels/device/library_search.hpp"
#include "verify/report/export.hpp"
#include "verify/report/json.hpp"
#include "verify/report/text/findings.hpp"

extern char** environ;

namespace gpucheck {
namespace {

// By name and not by setlocale(): a locale that is not installed still tells what the terminal
// shows.
bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = variable(name);
    if (value.empty()) continue;
    std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::tolower(c); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

std::map<std::string, std::string> test_hooks() {
  std::map<std::string, std::string> hooks;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const bool hook = name.starts_with("GPUCHECK_TEST_") || name == "GPUCHECK_ROOT" ||
                      name == "GPUCHECK_SICKNESS";
    if (hook) hooks.emplace(name, text.substr(std::min(equals + 1, text.size())));
  }
  return hooks;
}

template <class File>
File opened(Result<File> file, const char* option) {
  if (!file) throw UsageError(fmt::format("{}: {}", option, file.error().what));
  return std::move(*file);
}

}  // namespace

void complain(std::string_view text) {
  write_all(STDERR_FILENO, "gpucheck: " + one_line(text) + "\n");
}

Screen::Screen(int descriptor, const std::string& color) : descriptor_(descriptor) {
  const bool terminal = isatty(descriptor) == 1;
  const bool plain =
      !variable("NO_COLOR").empty() || variable("TERM") == "dumb" || variable("TERM").empty();
  winsize size = {};
  if (terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    style.width = size.ws_col;
  style.color = color == "always" || (color == "auto" && terminal && !plain);
  style.utf8 = utf8_locale();
}

void Screen::print(std::string_view text) {
  const int code = write_all(descriptor_, text);
  if (code == 0 || code == EPIPE || failed_) return;
  failed_ = true;
  complain(fmt::format("standard {} cannot be written: {}", descriptor_ == 1 ? "output" : "error",
                       strerror(code)));
}

Session::Session(const Options& o)
    : options(o),
      screen(o.json == "-" || o.save == "-" ? STDERR_FILENO : STDOUT_FILENO, o.color),
      until_(o.timeout_seconds ? after(*o.timeout_seconds) : Clock::time_point::max()) {
  screen.style.verbose = o.verbose;
  report.program = {GPUCHECK_VERSION, built_with(), o.arguments, test_hooks()};
  report.simulated = is_simulated();
  report.snapshot.built_with = built_with();
  const std::vector<std::string> files = {o.json, o.junit, o.prometheus};
  for (const std::string& file : files) {
    if (!file.empty() && std::ranges::count(files, file) > 1)
      throw UsageError(fmt::format("\"{}\" is given for two reports", file));
  }
  if (!o.json.empty()) {
    json_ = o.json == "-" ? OutputFile::standard_output() : create(o.json, "--json");
    if (json_->regular()) log_ = opened(RunningLog::create(o.json), "--json");
  }
  if (!o.junit.empty()) junit_ = create(o.junit, "--junit");
  if (!o.prometheus.empty()) prometheus_ = create(o.prometheus, "--prometheus");
  if (log_) log_->append(json_text(report_head(report)));
}

void Session::print(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (options.quiet || options.nagios) return;
  if (std::exchange(progress_shown_, false)) write_all(STDERR_FILENO, "\r\x1b[K");
  screen.print(text);
}

void Session::add(const CaseResult& result) {
  const std::lock_guard lock(mutex_);
  report.cases.push_back(result);
  if (log_) log_->append(json_text({{"case", result}}));
}

void Session::add(const Measurement& measurement) {
  const std::lock_guard lock(mutex_);
  report.measurements.push_back(measurement);
  if (log_) log_->append(json_text({{"measurement", measurement}}));
}

void Session::note(std::string_view key, const std::string& json) {
  const std::lock_guard lock(mutex_);
  if (log_) log_->append(fmt::format("{{\"{}\":{}}}", key, json));
}

void Session::progress(std::string_view text) {
  static const bool terminal = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb";
  if (!terminal || options.quiet || options.nagios) return;
  const std::lock_guard lock(mutex_);
  if (text.empty() && !progress_shown_) return;
  const int width = screen.style.width > 0 ? screen.style.width - 1 : 79;
  write_all(STDERR_FILENO, "\r\x1b[K" + one_line(text).substr(0, static_cast<std::size_t>(width)));
  progress_shown_ = !text.empty();
}

void Session::phase(std::string name, double seconds) {
  const std::lock_guard lock(mutex_);
  report.phases.push_back({std::move(name), seconds});
}

double Session::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

OutputFile Session::create(const std::string& path, const char* option) const {
  return opened(OutputFile::create(path), option);
}

void Session::write(OutputFile& file, std::string_view text) {
  if (const auto error = file.finish(text)) {
    complain(error->what);
    write_failed_ = true;
  }
}

int Session::exit_code() const {
  const Finding* cause = main_cause(report.findings);
  const int code = report.verdict.exit_code;
  if (write_failed_ || screen.failed()) return 70;
  // "No NVIDIA GPU in this machine", row D0: a GPU that is there and does not work is never
  // skipped.
  if (code == 2 && options.no_gpu_exit && cause != nullptr && cause->catalogue == "D0")
    return *options.no_gpu_exit;
  return code;
}

int Session::finish(const std::string& verdict) {
  progress("");
  screen.print(options.nagios ? nagios_line(exit_code(), verdict) : verdict);
  if (json_) write(*json_, json_text(report_json(report)) + "\n");
  if (junit_) write(*junit_, junit_text(report));
  if (prometheus_) write(*prometheus_, prometheus_text(report));
  // Where the report could not be written its lines are all that is left.
  if (log_ && !write_failed_) log_->remove();
  return options.nagios ? nagios_code(exit_code()) : exit_code();
}

}  // namespace gpucheck
