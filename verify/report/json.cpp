#include "verify/report/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace gpucheck {
namespace {

// JSON has no NaN and no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value));
}

double number_of(const Json& json) {
  if (!json.is_string()) return json.get<double>();
  const auto text = json.get<std::string>();
  const double limit = std::numeric_limits<double>::infinity();
  return text == "inf"    ? limit
         : text == "-inf" ? -limit
         : text.empty()   ? std::nan("")
                          : std::strtod(text.c_str(), nullptr);
}

Json device_json(std::optional<int> device) { return device ? Json(*device) : Json("cpu"); }

std::optional<int> device_of(const Json& json) {
  return json.is_number_integer() ? std::optional(json.get<int>()) : std::nullopt;
}

/// The enumerator of that name; throws for a name it does not know.
template <class E>
E named(const Json& json, std::initializer_list<E> all) {
  const auto text = json.get<std::string>();
  for (const E value : all) {
    if (name(value) == text) return value;
  }
  throw std::invalid_argument(fmt::format("\"{}\" is not known here", text));
}

std::string bits_text(std::uint64_t bits, Dtype dtype) {
  return fmt::format("0x{:0{}x}", bits, 2 * bytes(dtype));
}

std::uint64_t bits_of(const Json& json) {
  return std::strtoull(json.get<std::string>().c_str(), nullptr, 16);
}

Json mismatch_json(const Mismatch& m, Dtype dtype) {
  return {{"index", m.index},
          {"expected", fmt::format("{}", m.expected)},
          {"got", fmt::format("{}", m.got)},
          {"expected_bits", bits_text(m.expected_bits, dtype)},
          {"got_bits", bits_text(m.got_bits, dtype)}};
}

Mismatch mismatch_of(const Json& json) {
  return {.index = json.at("index").get<std::vector<std::int64_t>>(),
          .expected = number_of(json.at("expected")),
          .got = number_of(json.at("got")),
          .expected_bits = bits_of(json.at("expected_bits")),
          .got_bits = bits_of(json.at("got_bits"))};
}

constexpr auto providers = {Provider::reference, Provider::cpu, Provider::kernel, Provider::vendor};
constexpr auto outcomes = {Outcome::passed,    Outcome::failed,  Outcome::error,
                           Outcome::untrusted, Outcome::not_run, Outcome::not_applicable};
constexpr auto dtypes = {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::s32};

Json omissions(const std::vector<Omission>& list) {
  Json json = Json::array();
  for (const Omission& o : list)
    json.push_back({{"id", o.id}, {"device", device_json(o.device)}, {"reason", o.reason}});
  return json;
}

std::vector<Omission> omissions_of(const Json& json) {
  std::vector<Omission> list;
  for (const Json& o : json)
    list.push_back({o.at("id"), device_of(o.value("device", Json())), o.at("reason")});
  return list;
}

}  // namespace

void to_json(Json& json, const CaseResult& r) {
  Json mismatches = Json::array();
  for (const Mismatch& m : r.numbers.mismatches) mismatches.push_back(mismatch_json(m, r.dtype));
  json = {{"id", r.id},
          {"op", r.op},
          {"provider", name(r.provider)},
          {"implementation", r.implementation},
          {"dtype", name(r.dtype)},
          {"device", device_json(r.device)},
          {"inputs", name(r.inputs)},
          {"outcome", name(r.outcome)},
          {"reason", r.reason},
          {"note", r.note},
          {"by_reference", r.by_reference},
          {"checked", r.numbers.checked},
          {"wrong", r.numbers.wrong},
          {"worst", number(r.numbers.worst)},
          {"mismatches", std::move(mismatches)},
          {"pattern", r.numbers.pattern},
          {"hash", r.numbers.hash},
          {"seconds", number(r.seconds)},
          {"repro", r.repro}};
}

void from_json(const Json& json, CaseResult& r) {
  r.id = json.at("id");
  r.op = json.at("op");
  r.provider = named(json.at("provider"), providers);
  r.implementation = json.at("implementation");
  r.dtype = named(json.at("dtype"), dtypes);
  r.device = device_of(json.at("device"));
  r.inputs = named(json.at("inputs"), {Inputs::exact, Inputs::real});
  r.outcome = named(json.at("outcome"), outcomes);
  r.reason = json.value("reason", "");
  r.note = json.value("note", "");
  r.by_reference = json.value("by_reference", std::vector<std::string>());
  r.numbers.checked = json.at("checked");
  r.numbers.wrong = json.at("wrong");
  r.numbers.worst = number_of(json.at("worst"));
  r.numbers.mismatches.clear();
  for (const Json& m : json.value("mismatches", Json::array()))
    r.numbers.mismatches.push_back(mismatch_of(m));
  r.numbers.pattern = json.value("pattern", "");
  r.numbers.hash = json.value("hash", "");
  r.seconds = number_of(json.at("seconds"));
  r.repro = json.value("repro", "");
}

void to_json(Json& json, const Measurement& m) {
  json = {
      {"id", m.id},
      {"provider", name(m.provider)},
      {"device", device_json(m.device)},
      {"median_seconds", number(m.median_seconds)},
      {"interval", {number(m.interval_low_seconds), number(m.interval_high_seconds)}},
      {"samples", m.samples},
      {"throttled", nullptr},
      {"bytes", number(m.work.bytes)},
      {"flops", number(m.work.flops)},
      {"cache", "hot"},  // Every call has the inputs of the last, and nothing runs between.
      {"clock_mhz", nullptr},
      {"peak_fraction", nullptr},
      {"verified", {{"outcome", name(m.verified)}, {"checked", m.checked}, {"wrong", m.wrong}}}};
}

void from_json(const Json& json, Measurement& m) {
  m.id = json.at("id");
  m.provider = named(json.at("provider"), providers);
  m.device = device_of(json.at("device"));
  m.median_seconds = number_of(json.at("median_seconds"));
  m.interval_low_seconds = number_of(json.at("interval").at(0));
  m.interval_high_seconds = number_of(json.at("interval").at(1));
  m.samples = json.at("samples");
  m.work = {.flops = number_of(json.at("flops")), .bytes = number_of(json.at("bytes"))};
  m.verified = named(json.at("verified").at("outcome"), outcomes);
  m.checked = json.at("verified").at("checked");
  m.wrong = json.at("verified").at("wrong");
}

void to_json(Json& json, const Finding& f) {
  json = {{"id", f.id},
          {"catalogue", f.catalogue.empty() ? Json() : Json(f.catalogue)},
          {"severity", name(f.severity)},
          {"root_cause", f.root_cause},
          {"title", f.title},
          {"evidence", f.evidence},
          {"fix", f.fix},
          {"device", f.device ? Json(*f.device) : Json()},
          {"sick_device", f.sick_device}};
}

void from_json(const Json& json, Finding& f) {
  f.id = json.at("id");
  f.catalogue = json.at("catalogue").is_null() ? "" : json.at("catalogue").get<std::string>();
  f.severity = named(json.at("severity"), {Severity::info, Severity::warning, Severity::error});
  f.root_cause = json.at("root_cause");
  f.title = json.at("title");
  f.evidence = json.at("evidence").get<std::vector<std::string>>();
  f.fix = json.at("fix").get<std::vector<std::string>>();
  f.device = device_of(json.value("device", Json()));
  f.sick_device = json.value("sick_device", false);
}

void to_json(Json& json, const Verdict& v) {
  json = {{"status", name(v.status)},
          {"exit_code", v.exit_code},
          {"asked", v.asked},
          {"ran", v.ran},
          {"passed", v.passed},
          {"not_run", omissions(v.not_run)},
          {"not_applicable", omissions(v.not_applicable)}};
}

void from_json(const Json& json, Verdict& v) {
  v.status = named(json.at("status"),
                   {Status::passed, Status::failed, Status::not_verified, Status::slow});
  v.exit_code = json.at("exit_code");
  v.asked = json.at("asked");
  v.ran = json.at("ran");
  v.passed = json.at("passed");
  v.not_run = omissions_of(json.at("not_run"));
  v.not_applicable = omissions_of(json.at("not_applicable"));
}

}  // namespace gpucheck
