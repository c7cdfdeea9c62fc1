#include "verify/worker/case_protocol.hpp"

#include "verify/doctor/snapshot_json.hpp"

namespace gpucheck {
namespace {

Json optional_json(std::optional<int> value) { return value ? Json(*value) : Json(); }

std::optional<int> optional_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<int>());
}

}  // namespace

Json setup_json(const WorkerSetup& setup) {
  Snapshot facts;
  facts.devices = setup.devices;
  return {{"snapshot", snapshot_json(facts)},
          {"seed", setup.seed},
          {"device", optional_json(setup.device)}};
}

WorkerSetup setup_from_json(const Json& json) {
  return {.devices = snapshot_from_json(json.at("snapshot")).devices,
          .seed = json.at("seed"),
          .device = optional_of(json.at("device"))};
}

Json unit_json(const Unit& unit) {
  return {{"id", unit.id},       {"device", optional_json(unit.device)},
          {"peers", unit.peers}, {"group", unit.group},
          {"cases", unit.cases}, {"deadline_seconds", unit.deadline_seconds},
          {"timed", unit.timed}};
}

Unit unit_from_json(const Json& json) {
  return {.id = json.at("id"),
          .device = optional_of(json.at("device")),
          .peers = json.at("peers"),
          .group = json.at("group"),
          .cases = json.at("cases"),
          .deadline_seconds = json.at("deadline_seconds"),
          .timed = json.at("timed")};
}

}  // namespace gpucheck
