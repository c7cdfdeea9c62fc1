#include "tests/cli/tasks.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "verify/report/json.hpp"
#include "verify/worker/child.hpp"
#include "verify/worker/schedule.hpp"

namespace gpucheck {
namespace {

using Arguments = std::span<const std::string>;

// Raw, so that a sanitizer's own handler does not turn the signal into an exit code.
int die_by(int number) {
  signal(number, SIG_DFL);
  raise(number);
  return 0;
}

void write_raw(std::string_view text) {
  if (write(record_descriptor, text.data(), text.size()) < 0) std::abort();
}

int say(Arguments) {
  write_record(R"({"a":1})");
  std::puts("a library's chatter");
  write_record(R"({"b":2})");
  return 0;
}

int crash(Arguments arguments) {
  write_record(R"({"before":true})");
  std::fputs("last words", stderr);
  return die_by(std::stoi(arguments[0]));
}

int hang(Arguments) {
  write_record(R"({"before":true})");
  signal(SIGTERM, SIG_IGN);
  while (true) pause();
}

int leave(Arguments arguments) { return std::stoi(arguments[0]); }

int garbage(Arguments) {
  write_raw("\x01\xff not json\n{\"good\":1}\n[1]\n{\"torn\":");
  return 0;
}

int flood_output(Arguments) {
  const std::string line(1000, 'x');
  for (int i = 0; i < 20'000; ++i) std::puts(line.c_str());
  std::puts("the end");
  return 0;
}

int flood_records(Arguments) {
  const std::string line = "{\"x\":\"" + std::string(100'000, 'x') + "\"}";
  while (true) write_record(line);
}

int flood_without_lines(Arguments) {
  while (true) write_raw(std::string(10'000, '{'));
}

// A grandchild in a session of its own that keeps all pipes open, as a library's daemon would.
int leave_a_daemon(Arguments) {
  write_record(R"({"before":true})");
  if (fork() == 0) {
    setsid();
    sleep(5);
    _exit(0);
  }
  return 0;
}

int print_environment(Arguments arguments) {
  const char* value = std::getenv(arguments[0].c_str());
  write_record(std::string(R"({"value":")") + (value == nullptr ? "unset" : value) + "\"}");
  return 0;
}

int read_stdin(Arguments) {
  char byte;
  write_record(read(STDIN_FILENO, &byte, 1) == 0 ? R"({"end":true})" : R"({"end":false})");
  return 0;
}

int open_descriptors(Arguments) {
  int open = 0;
  for (int number = 0; number < 64; ++number) open += fcntl(number, F_GETFD) >= 0 ? 1 : 0;
  write_record("{\"open\":" + std::to_string(open) + "}");
  return 0;
}

// A parent that starts a child which never ends, and tells its number.
int start_a_child(Arguments) {
  run_child({.arguments = {"test_hang_with_pid"}, .deadline_seconds = 60});
  return 0;
}

int hang_with_pid(Arguments) {
  std::FILE* file = std::fopen(std::getenv("GPUCHECK_TEST_PID_FILE"), "w");
  std::fprintf(file, "%d\n", getpid());
  std::fclose(file);
  while (true) pause();
}

void answer(const Unit& unit, const std::string& id) {
  CaseResult result = result_without_numbers(unit, id, Outcome::passed, "");
  result.numbers.checked = 1;
  // Tells the test which process it was.
  result.note = std::to_string(getpid());
  write_record(json_text({{"case", result}}));
}

// A case worker that does to a unit what the unit's id says.
int worker(Arguments) {
  std::string line;
  std::getline(std::cin, line);
  write_record(R"({"ready":true})");
  while (std::getline(std::cin, line)) {
    const Unit unit = unit_from_json(Json::parse(line));
    const auto is = [&](std::string_view kind) { return unit.id.starts_with(kind); };
    if (is("crash_before")) return die_by(SIGSEGV);
    if (is("error")) {
      CaseResult result = result_without_numbers(unit, unit.cases[0], Outcome::error, "sticky");
      write_record(json_text({{"case", result}}));
    } else if (is("half")) {
      answer(unit, unit.cases[0]);
      std::fputs("half of it\nterrible things\n", stderr);
      return die_by(SIGABRT);
    } else if (!is("hang") && !is("silent") && !is("exit") && !is("unreadable")) {
      for (const std::string& id : unit.cases) answer(unit, id);
    }
    if (is("hang")) hang({});
    if (is("exit")) return 0;
    if (is("unreadable")) write_record(R"({"case":{"id":7}})");
    if (is("garbage")) write_raw("\x01\x02 not a record\n");
    if (is("crash_after")) return die_by(SIGSEGV);
    write_record(json_text({{"done", unit.id}}));
  }
  return 0;
}

int worker_that_never_starts(Arguments) { return hang({}); }

int worker_that_crashes_at_start(Arguments) { return die_by(SIGBUS); }

constexpr Task rows[] = {
    {"test_worker", worker},
    {"test_worker_hangs", worker_that_never_starts},
    {"test_worker_crashes", worker_that_crashes_at_start},
    {"test_say", say},
    {"test_crash", crash},
    {"test_hang", hang},
    {"test_exit", leave},
    {"test_garbage", garbage},
    {"test_flood_output", flood_output},
    {"test_flood_records", flood_records},
    {"test_flood_without_lines", flood_without_lines},
    {"test_daemon", leave_a_daemon},
    {"test_environment", print_environment},
    {"test_stdin", read_stdin},
    {"test_descriptors", open_descriptors},
    {"test_start_a_child", start_a_child},
    {"test_hang_with_pid", hang_with_pid},
};

}  // namespace

std::span<const Task> test_tasks() { return rows; }

}  // namespace gpucheck
