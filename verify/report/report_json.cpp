#include <fmt/format.h>

#include "verify/doctor/snapshot_json.hpp"
#include "verify/report/json.hpp"

namespace gpucheck {

Json report_head(const Report& report) {
  const BuiltWith& built = report.program.built_with;
  return {{"schema", "gpucheck.report/1"},
          {"gpucheck",
           {{"version", report.program.version},
            {"built_with", built.cuda},
            {"archs", built.archs},
            {"arguments", report.program.arguments},
            {"test_hooks", Json(report.program.test_hooks)}}},
          {"simulated", report.simulated}};
}

Json report_json(const Report& report) {
  Json phases = Json::array();
  for (const Phase& phase : report.phases)
    phases.push_back({{"name", phase.name}, {"seconds", phase.seconds}});
  Json json = report_head(report);
  json["snapshot"] = snapshot_json(report.snapshot);
  json["findings"] = report.findings;
  json["cases"] = report.cases;
  json["measurements"] = report.measurements;
  json["phases"] = std::move(phases);
  json["verdict"] = report.verdict;
  return json;
}

Result<Report> report_from_json(const Json& json) {
  Report report;
  try {
    const Json program = json.value("gpucheck", Json::object());
    report.program.version = program.value("version", "");
    report.program.built_with.cuda = program.value("built_with", 0);
    report.program.built_with.archs = program.value("archs", std::vector<int>());
    report.program.arguments = program.value("arguments", std::vector<std::string>());
    report.program.test_hooks = program.value("test_hooks", std::map<std::string, std::string>());
    report.simulated = json.value("simulated", false);
    report.snapshot = snapshot_from_json(json.value("snapshot", Json::object()));
    report.findings = json.value("findings", std::vector<Finding>());
    report.cases = json.value("cases", std::vector<CaseResult>());
    report.measurements = json.value("measurements", std::vector<Measurement>());
    for (const Json& phase : json.value("phases", Json::array())) {
      report.phases.push_back({phase.at("name"), phase.at("seconds")});
    }
    // A run that was cut off has none: it stays "not verified".
    if (json.contains("verdict")) report.verdict = json.at("verdict");
  } catch (const std::exception& error) {
    return Error{fmt::format("it is no report that this gpucheck can read: {}", error.what()), ""};
  }
  return report;
}

}  // namespace gpucheck
