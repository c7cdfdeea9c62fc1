#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "verify/doctor/probe/stages.hpp"
#include "verify/worker/spawn.hpp"

namespace gpucheck {
namespace {

std::string group_name(const Root& root, gid_t id) {
  const std::string table = root.text("/etc/group");
  for (const std::string_view line : lines(table)) {  // name:x:44:members
    if (line.find(fmt::format(":{}:", id)) != std::string_view::npos)
      return std::string(line.substr(0, line.find(':')));
  }
  return id == 0 ? "root" : std::to_string(id);
}

bool is_gpu_node(const std::string& name) {
  return name.size() > 6 && name.starts_with("nvidia") &&
         std::all_of(name.begin() + 6, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<DeviceNode> probe_device_nodes(const Root& root) {
  std::vector<std::string> paths = {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/dxg"};
  for (const std::string& name : root.list("/dev").value_or(std::vector<std::string>())) {
    if (is_gpu_node(name) || name.starts_with("nvidia-nvswitch")) paths.push_back("/dev/" + name);
  }
  std::vector<DeviceNode> nodes;
  for (const std::string& path : paths) {
    DeviceNode node{.path = path};
    struct stat about = {};
    node.exists = stat(root.at(path).c_str(), &about) == 0;
    if (*node.exists) {
      node.mode = fmt::format("{:04o}", about.st_mode & 07777);
      node.group = group_name(root, about.st_gid);
    }
    const Descriptor file(::open(root.at(path).c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    node.open_errno = file.open() ? 0 : errno;
    nodes.push_back(std::move(node));
  }
  return nodes;
}

}  // namespace gpucheck
