#pragma once

#include <sys/types.h>

#include "verify/worker/child.hpp"

namespace gpucheck {

/// An open file descriptor, or -1.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  int get() const { return number_; }
  bool open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

/// The parent's ends of a child's descriptors.
struct Spawned {
  pid_t pid = -1;
  Descriptor records;   ///< Non-blocking.
  Descriptor output;    ///< Non-blocking; stdout and stderr of the child.
  Descriptor input;     ///< Its stdin; closed unless asked for, when the child reads /dev/null.
  std::string problem;  ///< Why there is no child.
};

enum class Input { none, lines };

/// The child finds its record descriptor under this number.
inline constexpr int record_descriptor = 3;

/// Starts this program again with `--worker <arguments>`, in a process group of its own. It is
/// killed when the calling thread ends, so the thread has to outlive it.
Spawned spawn(const ChildOptions& options, Input input);

/// Path to execute for another copy of this program; works without /proc and after the file was
/// replaced.
std::string program_path();

}  // namespace gpucheck
