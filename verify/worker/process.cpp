#include "verify/worker/process.hpp"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gpucheck {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr std::size_t output_tail_bytes = 4096;
constexpr std::size_t record_limit_bytes = std::size_t{64}
                                           << 20;  // A whole verify run is below one.

void trim_to_tail(std::string& text) {
  if (text.size() > output_tail_bytes) text.erase(0, text.size() - output_tail_bytes);
}

// What is there, without waiting; the descriptor is closed at its end.
std::string read_available(Descriptor& from) {
  std::string text;
  char buffer[16384];
  while (from.open() && text.size() < (std::size_t{1} << 20)) {
    const ssize_t count = read(from.get(), buffer, sizeof buffer);
    if (count > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      if (count == 0 || errno != EAGAIN) from.close();
      break;
    }
  }
  return text;
}

}  // namespace

Clock::time_point after(double seconds) {
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(duration<double>(std::min(seconds, 1e8)));
}

Process::Process(const ChildOptions& options, Input input) {
  end_.deadline_seconds = options.deadline_seconds;
  if (interrupted()) {
    end_.interrupted = ended_ = true;
    return;
  }
  child_ = spawn(options, input);
  end_.problem = child_.problem;
  ended_ = child_.pid < 0;
  if (!ended_) entry_ = std::make_unique<Running>(child_.pid);
}

Process::~Process() { stop(); }

bool Process::send(std::string_view line) {
  std::string text(line);
  text += '\n';
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count =
        ::send(child_.input.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR && !interrupted()) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> Process::next_record(Clock::time_point until) {
  while (records_.empty() && !ended_ && Clock::now() < until) watch(until);
  if (records_.empty()) return std::nullopt;
  std::string record = std::move(records_.front());
  records_.pop_front();
  return record;
}

void Process::watch(Clock::time_point until) {
  // A grandchild may hold the pipes open, so that their end is not the only sign: look at the child
  // itself now and then.
  const bool silent = !child_.records.open() && !child_.output.open();
  const auto left =
      std::chrono::duration_cast<milliseconds>(until - Clock::now()) + milliseconds(1);
  const auto wait = std::min(left, milliseconds(silent ? 1 : 50));
  pollfd watched[] = {{child_.records.get(), POLLIN, 0}, {child_.output.get(), POLLIN, 0}};
  poll(watched, 2, static_cast<int>(wait.count()));
  const bool gone = exited();  // Before reading: what it wrote by then is in the pipes.
  read_records();
  read_output();
  if (gone && !ended_) kill_and_reap();
}

void Process::read_records() {
  const std::string text = read_available(child_.records);
  record_bytes_ += text.size();
  partial_ += text;
  std::size_t begin = 0;
  for (std::size_t end; (end = partial_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    keep(partial_.substr(begin, end - begin));
  }
  partial_.erase(0, begin);
  if (record_bytes_ <= record_limit_bytes || ended_) return;
  end_.problem = "wrote more than 64 MiB of records";
  kill_and_reap();
}

void Process::keep(std::string line) {
  if (nlohmann::json::accept(line) && line.starts_with('{')) {
    records_.push_back(std::move(line));
  } else {
    ++end_.garbage;
  }
}

void Process::read_output() {
  end_.output += read_available(child_.output);
  trim_to_tail(end_.output);
}

bool Process::exited() const {
  siginfo_t info = {};
  const int status =
      waitid(P_PID, static_cast<id_t>(child_.pid), &info, WEXITED | WNOHANG | WNOWAIT);
  return status == 0 ? info.si_pid != 0 : errno == ECHILD;
}

void Process::expire(double deadline_seconds) {
  if (ended_) return;
  end_.timed_out = true;
  end_.deadline_seconds = deadline_seconds;
  kill_and_reap();
}

void Process::stop() {
  if (!ended_) kill_and_reap();
}

void Process::kill_and_reap() {
  // Until it is reaped its number cannot belong to anybody else.
  kill(-child_.pid, SIGKILL);
  const auto patience = after(1);
  while (!exited() && Clock::now() < patience) usleep(500);
  reap();
}

void Process::reap() {
  ended_ = true;
  end_.unkillable = !exited();
  entry_.reset();
  int status = 0;
  if (!end_.unkillable && waitpid(child_.pid, &status, 0) == child_.pid) {
    if (WIFEXITED(status)) end_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
  }
  end_.interrupted = interrupted() && end_.signal == SIGKILL && !end_.timed_out;
  read_records();
  read_output();
  if (!partial_.empty()) ++end_.garbage;
  end_.seconds = duration<double>(Clock::now() - start_).count();
}

}  // namespace gpucheck
