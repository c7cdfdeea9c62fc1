#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "verify/doctor/codes.hpp"
#include "verify/doctor/csv.hpp"
#include "verify/doctor/rules/finding.hpp"
#include "verify/doctor/rules/fix.hpp"
#include "verify/doctor/rules/query.hpp"
#include "verify/doctor/rules/rules.hpp"

namespace gpucheck {
namespace {

// Numbers of the Xids in the kernel log: "NVRM: Xid (PCI:0000:08:00): 79, pid=1234, GPU has fallen
// off the bus."
std::vector<std::pair<int, std::string>> xids(const Snapshot& s) {
  static const std::regex pattern(R"(NVRM: Xid \([^)]{0,80}\): ([0-9]{1,4}))");
  std::vector<std::pair<int, std::string>> found;
  for (const std::string& line : s.kernel_log.lines) {
    std::smatch match;
    const std::string head = line.substr(0, 400);
    if (std::regex_search(head, match, pattern)) found.emplace_back(std::stoi(match[1]), head);
  }
  return found;
}

Texts xid_lines(const Snapshot& s, std::initializer_list<int> wanted) {
  Texts found;
  for (auto& [number, line] : xids(s)) {
    if (std::ranges::find(wanted, number) != wanted.end()) found.push_back("Kernel log: " + line);
  }
  if (found.size() > 3) found.erase(found.begin(), found.end() - 3);
  return found;
}

// Calls on one device that gave this NVML code.
Texts nvml_code(const Snapshot& s, int wanted) {
  Texts found;
  for (const CallProbe& made : s.calls) {
    if (made.api.starts_with("nvml") && made.code == wanted) found.push_back(said(made));
  }
  return found;
}

std::string reset(const Snapshot& s, const std::string& device) {
  return as_root(s, fmt::format("nvidia-smi --gpu-reset -i {}", device)) +
         "   # no program may use it; or reboot" + on_host(s);
}

}  // namespace

Findings memory_fault(const Snapshot& s) {
  Texts evidence = xid_lines(s, {48, 94, 95, 140, 171, 172});
  std::optional<int> index;
  std::string faulty = "0";
  for (const Device& device : s.devices) {
    if (device.ecc.volatile_uncorrected.value_or(0) == 0) continue;
    index = cuda_index(device);
    faulty = smi_id(device);
    evidence.push_back(fmt::format("{}: {} uncorrectable ECC errors since the driver was loaded",
                                   gpu_text(device), *device.ecc.volatile_uncorrected));
  }
  for (const CallProbe& made : s.calls) {
    if (made.code == 214 && domain_of_call(made.api) == "cuda") evidence.push_back(said(made));
  }
  if (evidence.empty()) return {};
  // https://docs.nvidia.com/deploy/xid-errors/
  return sick(
      error("The GPU's memory has uncorrectable errors", std::move(evidence),
            {reset(s, faulty), "If errors come back after the reset: have the board replaced"}),
      index);
}

Findings row_remap(const Snapshot& s) {
  Findings all;
  for (const Device& device : s.devices) {
    if (device.remap.failed == true) {
      for (Finding& each :
           sick(error("The GPU has no spare memory rows left: a repair failed",
                      {gpu_text(device) + ": row remapping failed"},
                      {"Have the board replaced (NVIDIA's criterion for a return)"}),
                cuda_index(device))) {
        all.push_back(std::move(each));
      }
    } else if (device.remap.pending == true) {
      for (Finding& each :
           warning("The GPU's memory has a repair pending that a reset makes effective",
                   {gpu_text(device) + ": row remapping pending"}, {reset(s, smi_id(device))})) {
        each.device = cuda_index(device);
        all.push_back(std::move(each));
      }
    }
  }
  // https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt/
  if (Texts lines = xid_lines(s, {64}); all.empty() && !lines.empty()) {
    return sick(error("The GPU could not record a memory repair", std::move(lines),
                      {reset(s, "0"), "If it comes back: have the board replaced"}));
  }
  return all;
}

Findings fallen_off_the_bus(const Snapshot& s) {
  Texts evidence = xid_lines(s, {79});
  for (std::string& line : nvml_code(s, 15)) evidence.push_back(std::move(line));
  for (std::string& line : log_lines(s, "fallen off the bus", 1)) {
    if (evidence.empty()) evidence.push_back("Kernel log: " + line);
  }
  if (evidence.empty()) return {};
  return sick(error("A GPU has fallen off the PCI bus", std::move(evidence),
                    {"Switch the machine off and on again (a restart may not be enough)",
                     "If it comes back: check power cables, seating and cooling; "
                     "sudo nvidia-smi -lgc 0,1200 tells whether lower clocks avoid it"}));
}

Findings reset_required(const Snapshot& s) {
  Texts evidence = nvml_code(s, 16);
  if (evidence.empty()) return {};
  return sick(error("The GPU needs a reset", std::move(evidence), {reset(s, "0")}));
}

Findings power_or_inforom(const Snapshot& s) {
  Texts evidence = nvml_code(s, 8);
  const bool power = !evidence.empty() || !xid_lines(s, {54}).empty();
  for (std::string& line : xid_lines(s, {54})) evidence.push_back(std::move(line));
  for (std::string& line : nvml_code(s, 14)) evidence.push_back(std::move(line));
  if (evidence.empty()) return {};
  return sick(error(
      power ? "The GPU does not get the power it needs"
            : "The GPU's configuration memory (infoROM) is damaged",
      std::move(evidence),
      power ? Texts{"Switch off and attach all power cables of the board"}
            : Texts{"nvidia-smi -q | grep -i inforom   # confirms it; have the board serviced"}));
}

Findings gsp_hang(const Snapshot& s) {
  Texts evidence = xid_lines(s, {119, 120});
  const CallProbe* nvml = call(s, "nvmlInit");
  if (nvml != nullptr && nvml->timed_out) evidence.push_back(said(*nvml));
  if (evidence.empty()) return {};
  // https://docs.nvidia.com/deploy/xid-errors/ 119: reset; the open module cannot run without the
  // GSP.
  Texts fix = {reset(s, "0"), "If it comes back, another driver version:"};
  for (std::string& line : install_driver(s)) fix.push_back(std::move(line));
  return sick(error("The GPU's firmware processor (GSP) does not answer", std::move(evidence),
                    std::move(fix)));
}

Findings other_xid(const Snapshot& s) {
  constexpr std::array with_their_own_rule = {48, 54, 64, 79, 94, 95, 119, 120, 140, 171, 172};
  const Csv& known = table("xid_table");
  Findings all;
  std::set<int> seen;
  for (const auto& [number, log_line] : xids(s)) {
    const bool taken = std::ranges::find(with_their_own_rule, number) != with_their_own_rule.end();
    if (taken || !seen.insert(number).second) continue;
    const auto row = std::ranges::find(known.rows, std::to_string(number),
                                       [&](const auto& r) { return known.cell(r, "xid"); });
    const Texts lines = xid_lines(s, {number});
    if (row == known.rows.end()) {
      all.push_back(
          info(fmt::format("The kernel log has Xid {}, which is in no table", number), lines)
              .front());
      continue;
    }
    const std::string title =
        fmt::format("The kernel log has Xid {}: {}", number, known.cell(*row, "name"));
    const std::string& advice = known.cell(*row, "suggested_action");
    // A log is as old as the boot; only what a GPU does not recover from by itself is more than a
    // note.
    const bool fatal = known.cell(*row, "severity") == "fatal";
    all.push_back(
        (fatal ? warning(title, lines, {advice, reset(s, "0")}) : info(title, lines, {advice}))
            .front());
  }
  return all;
}

Findings wrong_data(const Snapshot& s) {
  for (const CallProbe& made : s.calls) {
    const bool compared = made.api == "cudaMalloc" || made.api == "kernelLaunch";
    if (!compared || made.code != 0 || made.value != 0) continue;
    const bool copy = made.api == "cudaMalloc";
    return sick(
        error(
            copy ? "1 MiB copied to the GPU and back did not come back as it went"
                 : "A kernel of one line wrote wrong numbers, and no call reported an error",
            {fmt::format("GPU {}: the calls succeeded, the data differ", made.device.value_or(0))},
            {"gpucheck verify   # which operations are wrong, and in what pattern",
             as_root(s, fmt::format("nvidia-smi -i {} -lgc 0,1200", made.device.value_or(0))) +
                 "   # if lower clocks cure it, the board is marginal: have it replaced"}),
        made.device);
  }
  return {};
}

Findings health_unknown(const Snapshot& s) {
  Findings all;
  for (const Device& device : cuda_devices(s)) {
    if (device.simulated) continue;
    Texts unknown;
    if (!device.ecc.volatile_uncorrected) unknown.emplace_back("memory errors (ECC)");
    if (!device.remap.failed || !device.remap.pending) unknown.emplace_back("row remapping");
    if (!device.pcie.width) unknown.emplace_back("PCIe link");
    if (!device.free_bytes) unknown.emplace_back("free memory");
    // The driver writes a line when it is loaded; a log without any no longer reaches back to it.
    if (s.kernel_log.readable != true || s.kernel_log.lines.empty())
      unknown.emplace_back("Xids (the kernel log)");
    const bool sampled = std::ranges::any_of(s.samples, [&](const Sample& sample) {
      return sample.device == device.index && sample.under_load && sample.events_reasons;
    });
    if (!sampled) unknown.emplace_back("throttling under load");
    if (unknown.empty()) continue;
    Findings made =
        info(fmt::format("Not known about GPU {}: {}", device.index, fmt::join(unknown, ", ")),
             {"Not probed, or not reported by this GPU, platform or user"});
    made.front().device = device.index;
    all.push_back(std::move(made.front()));
  }
  return all;
}

}  // namespace gpucheck
