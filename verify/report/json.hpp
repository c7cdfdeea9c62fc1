#pragma once

#include "gpucheck/report.hpp"
#include "verify/report/json_reader.hpp"

namespace gpucheck {

// nlohmann's convention: Json(value) writes, json.get<T>() reads. Reading throws nlohmann's
// exceptions; parse_record and report_from_json are the borders where they end.

void to_json(Json& json, const CaseResult& result);
void from_json(const Json& json, CaseResult& result);
void to_json(Json& json, const Measurement& measurement);
void from_json(const Json& json, Measurement& measurement);
void to_json(Json& json, const Finding& finding);
void from_json(const Json& json, Finding& finding);
void to_json(Json& json, const Verdict& verdict);
void from_json(const Json& json, Verdict& verdict);

/// Schema, program, simulated: how a report begins, and the first line of a running one.
Json report_head(const Report& report);

/// The whole report, schema gpucheck.report/1.
Json report_json(const Report& report);

/// A report as `read_json_file` gives it.
Result<Report> report_from_json(const Json& json);

}  // namespace gpucheck
