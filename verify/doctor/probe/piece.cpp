#include "verify/doctor/probe/piece.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <iterator>

#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/json_reader.hpp"

namespace gpucheck {
namespace {

template <class T>
void append(std::vector<T>& list, std::vector<T>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

// NVML writes "00000000:3B:00.0", CUDA "0000:3B:00.0", sysfs "0000:3b:00.0".
std::string plain_address(std::string address) {
  std::ranges::transform(address, address.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t colon = address.find(':');
  if (colon != std::string::npos && colon > 4) address.erase(0, colon - 4);
  return address;
}

template <class T>
void take(std::optional<T>& mine, const std::optional<T>& other) {
  if (!mine) mine = other;
}

// CUDA counts the devices it shows, NVML all: with CUDA_VISIBLE_DEVICES=1 CUDA's device 0 is NVML's
// device 1. So an index tells a device only from others of the same count, or where it is all there
// is: NVML on a Jetson gives its only GPU neither address nor UUID.
bool same_device(const Device& a, const Device& b) {
  if (a.cuda_visible == b.cuda_visible) return a.index == b.index;
  if (!a.pci.empty() && !b.pci.empty()) return a.pci == b.pci;
  if (!a.uuid.empty() && !b.uuid.empty()) return a.uuid == b.uuid;
  return a.index == b.index;
}

// CUDA's numbers stay; what only NVML knows is added.
void complete(Device& device, const Device& other) {
  if (!device.cuda_visible && other.cuda_visible) {
    device.index = other.index;
    device.cuda_visible = true;
  }
  if (device.pci.empty()) device.pci = other.pci;
  if (device.uuid.empty()) device.uuid = other.uuid;
  if (device.name.empty()) device.name = other.name;
  if (device.cc == 0) device.cc = other.cc;
  if (device.sms == 0) device.sms = other.sms;
  if (device.memory_bytes == 0) device.memory_bytes = other.memory_bytes;
  take(device.free_bytes, other.free_bytes);
  take(device.compute_mode, other.compute_mode);
  take(device.mig.enabled, other.mig.enabled);
  take(device.mig.instances, other.mig.instances);
  take(device.persistence, other.persistence);
  take(device.ecc.enabled, other.ecc.enabled);
  take(device.ecc.volatile_uncorrected, other.ecc.volatile_uncorrected);
  take(device.remap.pending, other.remap.pending);
  take(device.remap.failed, other.remap.failed);
  take(device.vgpu, other.vgpu);
  take(device.confidential, other.confidential);
  take(device.events_reasons, other.events_reasons);
  if (!device.pcie.gen) device.pcie = other.pcie;
  if (device.processes.empty()) device.processes = other.processes;
}

// What the loader says of a bare name stays; the version, and the path where the name was not
// tried, are added.
void complete(LibraryProbe& mine, LibraryProbe&& other) {
  const bool tried = !mine.opened.empty() || !mine.error.empty() || mine.signal || mine.timed_out;
  if (!tried) {
    mine.opened = std::move(other.opened);
    mine.error = std::move(other.error);
    mine.signal = other.signal;
    mine.timed_out = other.timed_out;
  }
  if (!other.version.empty()) mine.version = std::move(other.version);
  if (!other.missing_symbols.empty()) mine.missing_symbols = std::move(other.missing_symbols);
}

}  // namespace

void report(const Snapshot& piece) { write_record(json_text(snapshot_json(piece))); }

int report_call(std::string_view api, std::optional<int> device,
                const std::function<int(CallProbe&)>& call) {
  CallProbe probe{.api = std::string(api),
                  .device = device,
                  .code = {},
                  .value = {},
                  .signal = {},
                  .log = {},
                  .variant = {}};
  Json calling = {{"calling", probe.api}};
  if (device) calling["device"] = *device;
  write_record(json_text(calling));
  const auto start = std::chrono::steady_clock::now();
  probe.code = call(probe);
  probe.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Snapshot piece;
  piece.calls.push_back(probe);
  report(piece);
  return *probe.code;
}

Snapshot gathered(const ChildResult& result, std::string_view variant, std::string_view cut) {
  Snapshot all;
  std::optional<CallProbe> open;
  for (const std::string& record : result.records) {
    const auto json = parse_json(record);
    if (!json || !json->is_object()) continue;
    if (json->contains("calling")) {
      open = CallProbe{.api = json->value("calling", ""),
                       .device = {},
                       .code = {},
                       .value = {},
                       .signal = {},
                       .log = {},
                       .variant = {}};
      if (json->contains("device")) open->device = json->value("device", 0);
      continue;
    }
    Snapshot piece = snapshot_from_json(*json);
    if (!piece.calls.empty()) open.reset();
    add(all, std::move(piece));
  }
  if (open && !cut.empty()) {
    open->log = cut;
    all.calls.push_back(*open);
  } else if (open) {
    open->signal = result.end.signal;
    open->timed_out = result.end.timed_out;
    open->seconds = result.end.seconds;
    open->log = result.end.output.substr(0, 2000);
    if (open->signal || open->timed_out) all.calls.push_back(*open);
  }
  for (CallProbe& call : all.calls) call.variant = variant;
  return all;
}

void add(Snapshot& snapshot, Snapshot&& piece) {
  append(snapshot.calls, std::move(piece.calls));
  append(snapshot.samples, std::move(piece.samples));
  append(snapshot.launches, std::move(piece.launches));
  if (piece.device_nodes) snapshot.device_nodes = std::move(piece.device_nodes);
  if (!piece.fabric.state.empty()) snapshot.fabric.state = piece.fabric.state;
  for (LibraryProbe& library : piece.libraries) {
    const auto same = std::ranges::find(snapshot.libraries, library.name, &LibraryProbe::name);
    if (same == snapshot.libraries.end()) {
      snapshot.libraries.push_back(std::move(library));
    } else {
      complete(*same, std::move(library));
    }
  }
  for (Device& device : piece.devices) {
    device.pci = plain_address(device.pci);
    const auto same = std::ranges::find_if(snapshot.devices,
                                           [&](const Device& d) { return same_device(d, device); });
    if (same == snapshot.devices.end()) {
      snapshot.devices.push_back(std::move(device));
    } else {
      complete(*same, device);
    }
  }
}

}  // namespace gpucheck
