#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gpucheck {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void become(const Call& call, int out, int err) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (call.empty_environment) clearenv();
  for (const auto& [name, value] : call.environment) setenv(name.c_str(), value.c_str(), 1);
  const bool elsewhere = call.program.find('/') != std::string::npos;
  const std::string path =
      elsewhere ? call.program : std::string(GPUCHECK_BINARY_DIR) + "/" + call.program;
  std::vector<std::string> words = {path};
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(path.c_str(), argv.data());
  _exit(127);
}

// Reads both until both end, so that neither can block the program.
void collect(int out, int err, pid_t pid, const Call& call, Clock::time_point start, Ran& ran) {
  pollfd watched[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* texts[] = {&ran.out, &ran.err};
  bool interrupted = call.interrupt_after <= 0;
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    poll(watched, 2, 20);
    for (int i = 0; i < 2; ++i) {
      if (watched[i].fd < 0 || watched[i].revents == 0) continue;
      char buffer[65536];
      const ssize_t count = read(watched[i].fd, buffer, sizeof buffer);
      if (count <= 0) watched[i].fd = -1;
      if (count > 0) texts[i]->append(buffer, static_cast<std::size_t>(count));
    }
    if (!interrupted && since(start) > call.interrupt_after) {
      kill(pid, call.interrupt_signal);
      interrupted = true;
    }
    if (since(start) > GPUCHECK_TEST_SECONDS) kill(pid, SIGKILL);
  }
}

}  // namespace

Ran run_program(const Call& call) {
  Ran ran;
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) return ran;
  const int file = call.out_to.empty() ? -1 : open(call.out_to.c_str(), O_WRONLY | O_CLOEXEC);
  const auto start = Clock::now();
  const pid_t pid = fork();
  if (pid == 0) become(call, file >= 0 ? file : out[1], err[1]);
  for (const int number : {out[1], err[1], file}) close(number);
  if (call.close_out) close(std::exchange(out[0], -1));
  collect(out[0], err[0], pid, call, start, ran);
  int status = 0;
  waitpid(pid, &status, 0);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.seconds = since(start);
  for (const int number : {out[0], err[0]}) close(number);
  return ran;
}

bool has_simulator() {
  return std::filesystem::exists(std::string(GPUCHECK_BINARY_DIR) + "/gpucheck-simulated");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string fresh_path(const std::string& name) {
  const std::string directory = testing::TempDir() + "gpucheck_cli_" + std::to_string(getpid());
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  return directory + "/" + name;
}

std::string file_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace gpucheck
