#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "verify/report/export.hpp"
#include "verify/report/json.hpp"
#include "verify/report/text/findings.hpp"
#include "verify/report/text/numbers.hpp"
#include "verify/report/text/screen.hpp"
#include "verify/report/text/table.hpp"
#include "verify/report/text/workload_table.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;
using testing::Not;

CaseResult failed_case() {
  return {.id = "matmul_tn/cublasLt/bf16/m8n8k8/exact",
          .op = "matmul_tn",
          .provider = Provider::vendor,
          .implementation = "cublasLt",
          .dtype = Dtype::bf16,
          .device = 0,
          .inputs = Inputs::exact,
          .outcome = Outcome::failed,
          .reason = "row \xff <7>",
          .numbers = {.checked = 64,
                      .wrong = 1,
                      .worst = std::numeric_limits<double>::infinity(),
                      .mismatches = {{{0, 3}, 1.5, std::nan(""), 0x3fc0, 0x7fc0}},
                      .pattern = "one element",
                      .hash = "00ff"},
          .seconds = 0.001,
          .repro = "gpucheck verify --only 'x'"};
}

Report full_report() {
  Report report{
      .program = {"0.1.0", {13000, {75, 90}, 90}, {"--json", "-"}, {{"GPUCHECK_TEST_SLOW", "1.1"}}},
      .simulated = true};
  report.snapshot.built_with = {13000, {75, 90}, 90};
  report.findings = {{.id = "a.b",
                      .catalogue = "D0",
                      .severity = Severity::error,
                      .root_cause = true,
                      .title = "No GPU",
                      .evidence = {"none on the bus"},
                      .fix = {"buy one"},
                      .device = 0}};
  report.cases = {failed_case()};
  report.measurements = {{.id = "matmul_tn/cublasLt/bf16/m8n8k8/real",
                          .provider = Provider::vendor,
                          .device = 0,
                          .median_seconds = 1e-3,
                          .samples = 5,
                          .work = {.flops = 1e9, .bytes = 10},
                          .verified = Outcome::passed,
                          .checked = 64}};
  report.phases = {{"probe", 0.5}, {"total", 0.75}};
  report.verdict = {.status = Status::failed,
                    .exit_code = 1,
                    .asked = 1,
                    .ran = 1,
                    .not_run = {{"x", {}, "why"}}};
  return report;
}

TEST(ReportJson, KeysOfACaseStandInTheDocumentedOrder) {
  const Json json = failed_case();
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  EXPECT_EQ(keys,
            "id op provider implementation dtype device inputs outcome reason note by_reference "
            "checked wrong "
            "worst mismatches pattern hash "
            "seconds repro ");
}

TEST(ReportJson, AMeasurementSaysHowItWasMadeAndWhatIsNotKnown) {
  const Json json = full_report().measurements[0];
  EXPECT_EQ(json["cache"], "hot");
  for (const char* unknown : {"throttled", "clock_mhz", "peak_fraction"}) {
    ASSERT_TRUE(json.contains(unknown)) << unknown;
    EXPECT_TRUE(json[unknown].is_null()) << unknown;
  }
  Json earlier = json;
  for (const char* key : {"cache", "throttled", "clock_mhz", "peak_fraction"}) earlier.erase(key);
  EXPECT_EQ(earlier.get<Measurement>().id, full_report().measurements[0].id);
}

TEST(ReportJson, NonFiniteNumbersAreStringsAndBitsHaveTheWidthOfTheType) {
  const std::string text = json_text(Json(failed_case()));
  EXPECT_THAT(text, HasSubstr(R"("worst":"inf")"));
  EXPECT_THAT(
      text,
      HasSubstr(R"("expected":"1.5","got":"nan","expected_bits":"0x3fc0","got_bits":"0x7fc0")"));
  EXPECT_TRUE(Json::accept(text));
}

TEST(ReportJson, ReadsBackWhatItWrote) {
  const std::string text = json_text(report_json(full_report()));
  const auto again = report_from_json(Json::parse(text));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(json_text(report_json(*again)), text);
  EXPECT_TRUE(std::isnan(again->cases[0].numbers.mismatches[0].got));
}

TEST(ReportJson, KeysOfALaterVersionAreIgnoredAndUnknownWordsRefused) {
  Json json = report_json(full_report());
  json["later"] = {1, 2};
  json["cases"][0]["later"] = true;
  EXPECT_TRUE(report_from_json(json));
  json["cases"][0]["outcome"] = "splendid";
  EXPECT_THAT(report_from_json(json).error().what, HasSubstr("\"splendid\""));
  json["cases"] = "none";
  EXPECT_FALSE(report_from_json(json));
}

TEST(ReportJson, RunThatWasCutOffIsNotVerified) {
  Json json = report_json(full_report());
  json.erase("verdict");
  EXPECT_EQ(report_from_json(json)->verdict.status, Status::not_verified);
}

TEST(Junit, CountsFailuresAndEscapes) {
  const std::string xml = junit_text(full_report());
  EXPECT_THAT(
      xml,
      HasSubstr(
          R"(<testsuite name="simulated GPU 0" tests="1" failures="1" errors="0" skipped="0")"));
  EXPECT_THAT(xml, HasSubstr("row \xef\xbf\xbd &lt;7&gt;"));
  EXPECT_THAT(xml, HasSubstr(R"(<failure message="failed"/>)"));  // The verdict itself.
}

TEST(Junit, NothingRunIsNoSuccess) {
  EXPECT_THAT(junit_text(Report{}), HasSubstr(R"(<failure message="not_verified"/>)"));
}

TEST(Prometheus, OneSampleForEachSeries) {
  Report report = full_report();
  report.findings.push_back(report.findings[0]);
  report.cases[0].reason = "a\"b\\c\nd";
  const std::string text = prometheus_text(report);
  EXPECT_THAT(text, HasSubstr("gpucheck_verified 0\n"));
  EXPECT_THAT(text, HasSubstr("gpucheck_checks{device=\"0\",outcome=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gpucheck_finding{id=\"a.b\",severity=\"error\",device=\"0\"} 2\n"));
}

TEST(Nagios, CodesAndLine) {
  EXPECT_EQ(nagios_code(0), 0);
  EXPECT_EQ(nagios_code(3), 1);
  EXPECT_EQ(nagios_code(1), 2);
  EXPECT_EQ(nagios_code(2), 2);
  for (const int other : {64, 70, 77, 130}) EXPECT_EQ(nagios_code(other), 3);
  EXPECT_EQ(nagios_line(0, "fine\n"), "GPUCHECK OK - fine\n");
}

TEST(Utf8, InvalidSequencesAreReplaced) {
  EXPECT_EQ(utf8_text("\xc3\xa4"), "\xc3\xa4");
  for (const char* bad : {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
    EXPECT_THAT(utf8_text(bad), testing::StartsWith("\xef\xbf\xbd")) << bad;
  }
}

TEST(Numbers, HaveUnitsAndThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1605632), "1 605 632");
  EXPECT_EQ(duration_text(0.00123), "1.23 ms");
  EXPECT_EQ(duration_text(0.9999), "1.00 s");
  EXPECT_EQ(rate_text(1.234e12, "FLOP/s"), "1.23 TFLOP/s");
  EXPECT_EQ(rate_text(999.9e9, "FLOP/s"), "1.00 TFLOP/s");
  EXPECT_EQ(error_text(0), "0");
  EXPECT_EQ(error_text(0.214), "0.21");
  EXPECT_EQ(error_text(std::nan("")), "nan");
  EXPECT_EQ(counted(1, "GPU"), "1 GPU");
  EXPECT_EQ(counted(2, "check"), "2 checks");
}

TEST(Table, AlignsLeavesEmptyColumnsOutAndDropsWhatDoesNotFit) {
  Table table({{"a"}, {"empty"}, {"number", Align::right}, {"extra", Align::left, 2}});
  table.add({"x", "", "10", "long text"});
  table.add({"longer", "", "5", ""});
  EXPECT_EQ(table.text({}),
            "a        number   extra\nx            10   long text\nlonger        5\n");
  EXPECT_EQ(table.text({.width = 20}), "a        number\nx            10\nlonger        5\n");
}

TEST(Text, WrapsAtSpacesAndCountsCharactersNotBytes) {
  EXPECT_EQ(wrapped("one two three four five", 25, 4), "one two three four\n    five");
  EXPECT_EQ(display_width("\x1b[31;1m\xc2\xb7x\x1b[0m"), 2);
  EXPECT_EQ(one_line("a\nb\x1b[2J\tc"), "a b [2J c");
}

TEST(Screen, FailureNamesTheCaseItsNumbersAndTheCommand) {
  const std::string text = troubles_text(full_report(), {});
  EXPECT_THAT(text, HasSubstr("WRONG matmul_tn/cublasLt/bf16/m8n8k8/exact on GPU 0"));
  EXPECT_THAT(text, HasSubstr("1 of 64 numbers wrong, one element"));
  EXPECT_THAT(text, HasSubstr("[0,3] expected 1.5 (0x3fc0), got nan (0x7fc0)"));
  EXPECT_THAT(text, HasSubstr("again  gpucheck verify --only 'x'"));
}

TEST(Screen, RootCauseComesFirstAndItsFixIsNotBroken) {
  Report report = full_report();
  report.findings.insert(report.findings.begin(),
                         {.id = "w", .severity = Severity::warning, .title = "later"});
  report.findings[1].fix = {
      "sudo apt-get install a-very-long-package-name another-very-long-package-name "
      "and-a-third-one"};
  const std::string text = findings_text(report.findings, Severity::info, {.width = 60});
  EXPECT_LT(text.find("root cause"), text.find("later"));
  EXPECT_THAT(text, HasSubstr(report.findings[1].fix[0]));
}

TEST(Screen, SimulatedStandsInTheFirstAndTheLastLine) {
  const Report report = full_report();
  EXPECT_THAT(title_line(report, {}), HasSubstr("simulated"));
  EXPECT_THAT(verdict_line(report, {}), HasSubstr("simulated"));
}

TEST(Screen, PlainLocaleGetsPlainCharacters) {
  for (const char c : title_line(full_report(), {})) EXPECT_GE(c, 0);
  EXPECT_THAT(title_line(full_report(), {.utf8 = true}), HasSubstr("\xc2\xb7"));
}

TEST(Screen, NothingVerifiedNeverReadsLikeSuccess) {
  Report report = full_report();
  report.verdict = {};
  report.findings.clear();
  EXPECT_THAT(verdict_line(report, {}), HasSubstr("NOT VERIFIED"));
  report.verdict.status = Status::passed;
  report.verdict.exit_code = 0;
  EXPECT_THAT(verdict_line(report, {}),
              HasSubstr("no GPU was verified"));  // Its only case did not pass.
  EXPECT_THAT(verdict_line(report, {}), Not(HasSubstr("works well")));
}

}  // namespace
}  // namespace gpucheck
