#include <errno.h>
#include <unistd.h>

#include <mutex>

#include "verify/worker/spawn.hpp"

namespace gpucheck {

void write_record(std::string_view json) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  std::string line(json);
  line += '\n';
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t count = write(record_descriptor, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // The parent is gone, and so is the reader of any complaint.
    written += static_cast<std::size_t>(count);
  }
}

}  // namespace gpucheck
