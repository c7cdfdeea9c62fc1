#include "verify/report/output_file.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace gpucheck {
namespace {

Error cannot_write(const std::string& path, int code) {
  return {fmt::format("{} cannot be written: {}", path, strerror(code)), path};
}

Result<Descriptor> open_special(const std::string& path) {
  // Non-blocking, or a FIFO that nobody reads would hang.
  Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return cannot_write(path, errno);
  return file;
}

}  // namespace

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd writable = {descriptor, POLLOUT, 0};
      if (poll(&writable, 1, 10'000) == 0) return ETIMEDOUT;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

OutputFile::OutputFile(std::string path, std::string beside, Descriptor file)
    : path_(std::move(path)), beside_(std::move(beside)), file_(std::move(file)) {}

OutputFile::~OutputFile() {
  if (file_.open() && regular()) unlink(beside_.c_str());  // Never finished.
}

Result<OutputFile> OutputFile::create(const std::string& name) {
  if (name.empty()) return Error{"the path of an output file is empty", name};
  // What a link points to is replaced, and not the link.
  std::error_code no_link;
  const auto target = std::filesystem::canonical(name, no_link);
  const std::string path =
      no_link || !std::filesystem::is_regular_file(target, no_link) ? name : target.string();
  struct stat about = {};
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists && S_ISDIR(about.st_mode)) return cannot_write(path, EISDIR);
  if (exists && !S_ISREG(about.st_mode)) {
    auto file = open_special(path);
    if (!file) return file.error();
    return OutputFile(path, "", std::move(*file));
  }
  if (exists && access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  // The number keeps two runs apart that write the same report.
  std::string beside = fmt::format("{}.{}.partial", path, getpid());
  Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.open()) return cannot_write(path, errno);
  return OutputFile(path, std::move(beside), std::move(file));
}

OutputFile OutputFile::standard_output() {
  return OutputFile("standard output", "", Descriptor(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)));
}

std::optional<Error> OutputFile::finish(std::string_view text) {
  int code = write_all(file_.get(), text);
  if (regular()) {
    // A full network disk says so no earlier than here.
    if (code == 0 && fsync(file_.get()) != 0 && errno != EINVAL) code = errno;
    if (code == 0 && rename(beside_.c_str(), path_.c_str()) != 0) code = errno;
    if (code != 0) unlink(beside_.c_str());
  }
  file_.close();
  if (code == 0 || (code == EPIPE && !regular())) return std::nullopt;
  return cannot_write(path_, code);
}

Result<RunningLog> RunningLog::create(const std::string& report_path) {
  std::string path = report_path + ".jsonl";
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666));
  if (!file.open()) return cannot_write(path, errno);
  return RunningLog(std::move(path), std::move(file));
}

void RunningLog::append(std::string_view line) {
  std::string text(line);
  text += '\n';
  if (write_all(file_.get(), text) != 0) file_.close();
}

void RunningLog::remove() {
  file_.close();
  unlink(path_.c_str());
}

}  // namespace gpucheck
