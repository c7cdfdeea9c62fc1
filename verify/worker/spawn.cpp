#include "verify/worker/spawn.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>

extern char** environ;

namespace gpucheck {
namespace {

/// Everything the child needs between fork and exec, made before: no allocation is allowed there.
struct Image {
  std::string program;
  std::vector<std::string> words, variables;
  std::vector<char*> argv, envp;
  pid_t parent;
  int input, output, records;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(const ChildOptions& options) {
  std::vector<std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool changed = std::ranges::any_of(
        options.environment, [&](const auto& change) { return change.first == name; });
    if (!changed) variables.emplace_back(text);
  }
  for (const auto& [name, value] : options.environment) {
    if (value) variables.push_back(name + "=" + *value);
  }
  return variables;
}

void report_and_exit(const char* what) {
  const char* why = strerrordesc_np(errno);
  for (const char* part :
       {"cannot start a worker: ", what, ": ", why == nullptr ? "unknown error" : why, "\n"}) {
    if (write(STDERR_FILENO, part, strlen(part)) < 0) break;
  }
  _exit(127);
}

// Between fork and exec only async-signal-safe calls are allowed: another thread may have held any
// lock.
[[noreturn]] void become(const Image& image) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the line above, and then nobody sends the signal.
  if (getppid() != image.parent) _exit(127);

  // Clear of 0..3 first, which may be what the parent's pipes were given when it had them closed.
  const int input = image.input >= 0 ? image.input : open("/dev/null", O_RDONLY | O_CLOEXEC);
  const std::array<int, 4> high = {fcntl(input >= 0 ? input : image.output, F_DUPFD_CLOEXEC, 16),
                                   fcntl(image.output, F_DUPFD_CLOEXEC, 16),
                                   fcntl(image.output, F_DUPFD_CLOEXEC, 16),
                                   fcntl(image.records, F_DUPFD_CLOEXEC, 16)};
  for (int number = 0; number < 4; ++number) dup2(high[number], number);
    // A child that is left behind must not keep a pipe or lock of ours open. Linux before 5.11 has
    // no such call: best effort.
#ifdef SYS_close_range
  syscall(SYS_close_range, 4U, ~0U, 4U);  // CLOSE_RANGE_CLOEXEC
#endif

  const rlimit no_core = {0, 0};  // Crashing is a normal result of a probe and must not litter.
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);

  execve(image.program.c_str(), image.argv.data(), image.envp.data());
  report_and_exit(image.program.c_str());
  _exit(127);
}

struct Pipe {
  Descriptor read, write;
};

bool make_pipe(Pipe& pipe) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  pipe = {Descriptor(ends[0]), Descriptor(ends[1])};
  return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

// A socket instead of a pipe: send() can be told not to raise SIGPIPE and to give up after a while.
bool make_input(Pipe& pair) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  pair = {Descriptor(ends[0]), Descriptor(ends[1])};
  const timeval patience = {5, 0};
  return setsockopt(ends[1], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::close() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

std::string program_path() {
  static const std::string path = [] {
    constexpr const char* self = "/proc/self/exe";
    char buffer[PATH_MAX + 1] = {};
    struct stat running = {}, named = {};
    if (stat(self, &running) != 0 || readlink(self, buffer, PATH_MAX) <= 0) {
      const auto* name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
      return std::string(name == nullptr ? "gpucheck" : name);
    }
    // After an upgrade the name belongs to another file, and the link still to ours.
    const bool same = stat(buffer, &named) == 0 && named.st_ino == running.st_ino &&
                      named.st_dev == running.st_dev;
    return std::string(same ? buffer : self);
  }();
  return path;
}

Spawned spawn(const ChildOptions& options, Input input) {
  Pipe in, out, records;
  if (!make_pipe(out) || !make_pipe(records) || (input == Input::lines && !make_input(in))) {
    return {.problem = std::string("cannot start a worker: ") + strerror(errno)};
  }
  Image image{.program = program_path(),
              .words = {"gpucheck", "--worker"},
              .variables = environment_with(options),
              .parent = getpid(),
              .input = in.read.get(),
              .output = out.write.get(),
              .records = records.write.get()};
  image.words.insert(image.words.end(), options.arguments.begin(), options.arguments.end());
  image.argv = pointers(image.words);
  image.envp = pointers(image.variables);

  // Or a handler of ours could run in the child, where it would kill the parent's other children.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) become(image);
  const int fork_errno = errno;
  if (pid > 0) setpgid(pid, pid);  // Both sides do it, so that either may be first.
  pthread_sigmask(SIG_SETMASK, &before, nullptr);

  if (pid < 0)
    return {.problem = std::string("cannot start a worker: fork: ") + strerror(fork_errno)};
  return {.pid = pid,
          .records = std::move(records.read),
          .output = std::move(out.read),
          .input = std::move(in.write)};
}

}  // namespace gpucheck
