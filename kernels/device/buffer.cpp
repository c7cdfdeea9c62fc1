#include "kernels/device/buffer.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace gpucheck {
namespace {

constexpr std::size_t guard_bytes = 256;  // As cudaMalloc aligns, so that the data stay aligned.
// Neither zero nor NaN nor a number that cases compute.
constexpr int guard_byte = 0xA5;

}  // namespace

Buffer::Buffer(const Place& place, std::size_t bytes)
    : place_(&place),
      memory_(static_cast<std::byte*>(place.allocate(bytes + 2 * guard_bytes))),
      bytes_(bytes) {
  place.fill(memory_, guard_byte, bytes + 2 * guard_bytes);
  set_guards(place.forbid);
  poison();
}

Buffer::~Buffer() {
  if (!memory_) return;
  set_guards(place_->permit);
  place_->release(memory_);
}

Buffer::Buffer(Buffer&& other) noexcept
    : place_(other.place_), memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(place_, other.place_);
  std::swap(memory_, other.memory_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void Buffer::set_guards(void (*set)(void* begin, std::size_t bytes)) const {
  set(memory_, guard_bytes);
  set(memory_ + guard_bytes + bytes_, guard_bytes);
}

void* Buffer::data() const { return memory_ + guard_bytes; }

void Buffer::poison() { place_->fill(data(), 0xFF, bytes_); }

void Buffer::copy_in(const void* host_source) { place_->copy_in(data(), host_source, bytes_); }

void Buffer::copy_out(void* host_destination) const {
  place_->copy_out(host_destination, data(), bytes_);
}

std::string Buffer::damage() const {
  const auto bytes_text = [](std::size_t count) {
    return fmt::format("{} byte{}", count, count == 1 ? "" : "s");
  };
  std::vector<unsigned char> before(guard_bytes), after(guard_bytes);
  set_guards(place_->permit);
  place_->copy_out(before.data(), memory_, guard_bytes);
  place_->copy_out(after.data(), memory_ + guard_bytes + bytes_, guard_bytes);
  set_guards(place_->forbid);

  std::size_t written_before = 0, written_after = 0, nearest_before = 0, nearest_after = 0;
  for (std::size_t i = guard_bytes; i-- > 0;) {
    if (after[i] != guard_byte) ++written_after, nearest_after = i;
    const std::size_t mirrored = guard_bytes - 1 - i;
    if (before[mirrored] != guard_byte) ++written_before, nearest_before = i + 1;
  }
  std::string text;
  if (written_before)
    text = fmt::format("{} written before its start, the nearest {} ahead of it",
                       bytes_text(written_before), bytes_text(nearest_before));
  if (written_after)
    text +=
        fmt::format("{}{} written after its end, the nearest {} behind it",
                    text.empty() ? "" : "; ", bytes_text(written_after), bytes_text(nearest_after));
  return text;
}

}  // namespace gpucheck
