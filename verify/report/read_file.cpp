#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include <unistd.h>
#include "verify/report/json_reader.hpp"

#include "verify/worker/spawn.hpp"

namespace gpucheck {
namespace {

constexpr int pipe_patience_ms =
    10'000;  // For `--from <(ssh machine ...)`; nothing waits for ever.

Error too_large(const std::string& path) {
  return {
      fmt::format("{}: larger than {} MB, so it was not read", path, json_file_limit_bytes >> 20),
      path};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const auto failed = [&](int code) {
    return Error{fmt::format("{}: {}", path, strerror(code)), path};
  };
  // Non-blocking, or opening a FIFO without a writer would hang.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return failed(errno);
  struct stat about = {};
  if (fstat(file.get(), &about) != 0) return failed(errno);
  if (S_ISDIR(about.st_mode)) return failed(EISDIR);
  if (static_cast<std::uint64_t>(about.st_size) > json_file_limit_bytes) return too_large(path);

  std::string text;
  char buffer[65536];
  while (text.size() <= json_file_limit_bytes) {
    pollfd readable = {file.get(), POLLIN, 0};
    if (poll(&readable, 1, pipe_patience_ms) == 0) return failed(ETIMEDOUT);
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count == 0) return text;
    if (count < 0 && errno != EAGAIN && errno != EINTR) return failed(errno);
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  }
  return too_large(path);
}

}  // namespace gpucheck
