#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "kernels/device/sanitizer.hpp"
#include "tests/cli/program.hpp"

namespace gpucheck {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string root_with_a_network_card() {
  const std::string root = fresh_path("root");
  const std::string device = root + "/sys/bus/pci/devices/0000:00:03.0";
  std::filesystem::create_directories(device);
  for (const auto& [file, text] :
       {std::pair{"vendor", "0x8086"}, {"device", "0x100e"}, {"class", "0x020000"}}) {
    std::ofstream(device + "/" + file) << text << "\n";
  }
  return root;
}

/// A machine without a GPU, whatever stands under the desk of who runs the tests.
Call no_gpu(std::vector<std::string> arguments) {
  return {.arguments = std::move(arguments),
          .environment = {{"GPUCHECK_ROOT", root_with_a_network_card()}}};
}

TEST(Run, WithoutAGpuNothingIsVerifiedAndTheCauseIsSaid) {
  const Ran ran = run_program(no_gpu({}));
  EXPECT_EQ(ran.code, 2) << ran.out << ran.err;
  const auto lines = lines_of(ran.out);
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines.front(), StartsWith("gpucheck "));
  EXPECT_THAT(lines.back(), StartsWith("NOT VERIFIED: "));
  EXPECT_THAT(ran.out, HasSubstr("root cause: "));
  EXPECT_THAT(ran.out, HasSubstr("convolution net"));  // The CPU did its part.
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST(Run, NoGpuExitReplacesTheCodeOfAMachineWithoutOne) {
  EXPECT_EQ(run_program(no_gpu({"--no-gpu-exit", "77"})).code, 77);
}

TEST(Run, CpuOnlyPassesAndSaysThatNoGpuWasVerified) {
  const Ran ran = run_program({.arguments = {"--device", "cpu"}});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(lines_of(ran.out).back(), StartsWith("CPU only: no GPU was verified."));
}

TEST(Run, QuietPrintsTheVerdictAlone) {
  const Ran ran = run_program(no_gpu({"--quiet"}));
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(lines_of(ran.out), testing::ElementsAre(StartsWith("NOT VERIFIED: ")));
}

TEST(Run, NagiosGetsOneLineAndItsOwnCodes) {
  const Ran ran = run_program(no_gpu({"--nagios"}));
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(lines_of(ran.out),
              testing::ElementsAre(StartsWith("GPUCHECK CRITICAL - NOT VERIFIED: ")));
  EXPECT_EQ(run_program({.arguments = {"--nagios", "--device", "cpu"}}).code, 0);
}

TEST(Run, JsonOnStandardOutputIsOneObjectAndTheTextGoesToStandardError) {
  const Ran ran = run_program(no_gpu({"--json", "-"}));
  EXPECT_EQ(ran.code, 2);
  const json report = json::parse(ran.out);
  EXPECT_EQ(report.at("schema"), "gpucheck.report/1");
  EXPECT_EQ(report.at("simulated"), false);
  EXPECT_EQ(report.at("verdict").at("status"), "not_verified");
  EXPECT_EQ(report.at("verdict").at("exit_code"), 2);
  EXPECT_FALSE(report.at("cases").empty());
  EXPECT_TRUE(report.at("gpucheck").at("test_hooks").contains("GPUCHECK_ROOT"));
  EXPECT_THAT(ran.err, HasSubstr("NOT VERIFIED"));
}

TEST(Run, FilesAreCompleteAndNothingIsLeftBeside) {
  const std::string file = fresh_path("report.json");
  const std::string directory = std::filesystem::path(file).parent_path();
  const Ran ran = run_program(
      {.arguments = {"--device", "cpu", "--json", file, "--junit", directory + "/junit.xml",
                     "--prometheus", directory + "/gpucheck.prom"}});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(json::parse(file_text(file)).at("verdict").at("status"), "passed");
  EXPECT_THAT(file_text(directory + "/junit.xml"), HasSubstr("</testsuites>"));
  EXPECT_THAT(file_text(directory + "/gpucheck.prom"), HasSubstr("gpucheck_verified 1\n"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++files;
  EXPECT_EQ(files, 3u);
}

TEST(Run, PhasesAreTimedAndShownWithVerbose) {
  const Ran ran = run_program(no_gpu({"--verbose", "--json", "/dev/null"}));
  EXPECT_THAT(ran.out, HasSubstr("Phases"));
  EXPECT_THAT(ran.out, HasSubstr("probe"));
}

TEST(Run, FullDiskIsExitCode70WithTheReportStillOnTheScreen) {
  const Ran ran = run_program({.arguments = {"--device", "cpu", "--json", "/dev/full"}});
  EXPECT_EQ(ran.code, 70);
  EXPECT_THAT(ran.out, HasSubstr("CPU only"));
  EXPECT_THAT(ran.err, HasSubstr("/dev/full cannot be written: No space left on device"));
  const Ran screen = run_program({.arguments = {"--device", "cpu"}, .out_to = "/dev/full"});
  EXPECT_EQ(screen.code, 70);
  EXPECT_THAT(screen.err, HasSubstr("standard output cannot be written"));
  const std::vector<std::vector<std::string>> texts = {
      {"--help"}, {"--version"}, {"list"}, {"explain", "802"}};
  for (const auto& arguments : texts) {
    const Ran text = run_program({.arguments = arguments, .out_to = "/dev/full"});
    EXPECT_EQ(text.code, 70) << arguments.front();
    EXPECT_THAT(text.err, HasSubstr("standard output cannot be written")) << arguments.front();
  }
}

TEST(Run, ReaderThatGoesAwayChangesNothing) {
  const Ran ran = run_program({.arguments = {"--device", "cpu"}, .close_out = true});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_EQ(run_program({.arguments = {"--device", "cpu", "--json", "-"}, .close_out = true}).code,
            0);
}

TEST(Run, EmptyAndAbsurdEnvironmentsAreSurvived) {
  const Ran empty = run_program({.arguments = {"--device", "cpu"}, .empty_environment = true});
  EXPECT_EQ(empty.code, 0) << empty.err;
  for (const char c : empty.out) EXPECT_GE(c, 0);  // Nobody said that it may be UTF-8.
  const std::string huge(100'000, 'x');
  const Ran absurd = run_program({.arguments = {"--device", "cpu"},
                                  .environment = {{"LC_ALL", huge},
                                                  {"COLUMNS", "-1"},
                                                  {"TERM", "\xff\xfe"},
                                                  {"HOME", "/no/such"},
                                                  {"LD_LIBRARY_PATH", ":::/proc/self/mem:"},
                                                  {"TMPDIR", "/no/such"},
                                                  {"PATH", ""}}});
  EXPECT_EQ(absurd.code, 0) << absurd.err;
}

// A mount namespace of its own in which /proc is empty; not every machine lets us make one.
TEST(Run, WorksWithoutProc) {
  if (address_sanitizer) GTEST_SKIP() << "the leak checker itself needs /proc";
  const std::string script =
      "mount -t tmpfs none /proc 2>/dev/null || exit 99; exec " GPUCHECK_BINARY_DIR
      "/gpucheck --device cpu";
  const Ran ran =
      run_program({.arguments = {"-rm", "sh", "-c", script}, .program = "/usr/bin/unshare"});
  if (ran.out.empty() && (ran.code == 99 || ran.code == 1 || ran.code == 127))
    GTEST_SKIP() << "no mount namespace here: " << ran.err;
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST(Run, SeveralAtOnceDoNotDisturbEachOther) {
  std::vector<std::thread> threads;
  std::vector<Ran> runs(3);
  const std::string file = fresh_path("report.json");
  for (Ran& ran : runs) {
    threads.emplace_back([&ran, &file] {
      ran = run_program({.arguments = {"--device", "cpu", "--json", file}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Ran& ran : runs) EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(json::accept(file_text(file)));
}

TEST(Run, ColourOnlyWhereItIsWanted) {
  EXPECT_THAT(run_program({.arguments = {"--device", "cpu", "--color", "always"}}).out,
              HasSubstr("\x1b[32m"));
  EXPECT_THAT(run_program({.arguments = {"--device", "cpu"}}).out, Not(HasSubstr("\x1b")));
}

TEST(Run, InterruptLeavesAValidReport) {
  const std::string file = fresh_path("report.json");
  for (const int number : {SIGINT, SIGTERM}) {
    const Ran ran =
        run_program({.arguments = {"verify", "--repeat", "1000", "--device", "cpu", "--json", file},
                     .interrupt_after = 1.5,
                     .interrupt_signal = number});
    EXPECT_EQ(ran.code, 130) << ran.err;
    EXPECT_LT(ran.seconds, 30);
    EXPECT_THAT(lines_of(ran.out).back(), StartsWith("INTERRUPTED"));
    const json report = json::parse(file_text(file));
    EXPECT_EQ(report.at("verdict").at("exit_code"), 130);
    EXPECT_NE(report.at("verdict").at("status"), "passed");
    EXPECT_FALSE(std::filesystem::exists(file + ".jsonl"));
  }
}

// Without its list of libraries a machine that lacks cuDNN shows no error, only that much is
// unknown.
TEST(Run, DoctorDoesNotCallAnIncompleteSnapshotFine) {
  json facts = json::parse(file_text(GPUCHECK_SOURCE_DIR "/tests/machines/L1.json"));
  facts.erase("libraries");
  const std::string file = fresh_path("facts.json");
  std::ofstream(file) << facts;
  const Ran ran = run_program({.arguments = {"doctor", "--from", file}});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(lines_of(ran.out).back(), StartsWith("NOT VERIFIED: "));
}

TEST(Run, TimeLimitLeavesTheRestNotRun) {
  const Ran ran = run_program(
      {.arguments = {"verify", "--repeat", "1000", "--device", "cpu", "--timeout", "1"}});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.out, HasSubstr("--timeout"));
  EXPECT_THAT(lines_of(ran.out).back(), StartsWith("NOT VERIFIED: "));
}

TEST(Run, KilledRunLeavesReadableLinesAndNoChildren) {
  const std::string file = fresh_path("report.json");
  const Ran ran =
      run_program({.arguments = {"verify", "--repeat", "1000", "--device", "cpu", "--json", file},
                   .interrupt_after = 2,
                   .interrupt_signal = SIGKILL});
  EXPECT_EQ(ran.code, 128 + SIGKILL);
  // The children hold standard error of the run in no way, so it is over when they are asked for.
  EXPECT_LT(ran.seconds, 20);
  const auto lines = lines_of(file_text(file + ".jsonl"));
  ASSERT_GE(lines.size(), 2u);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    EXPECT_TRUE(json::accept(lines[i])) << lines[i];
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Simulated, HealthyOnePassesAndIsMarkedFirstAndLast) {
  if (!has_simulator()) GTEST_SKIP() << "no gpucheck-simulated in this build";
  const std::string file = fresh_path("report.json");
  const Ran ran = run_program({.arguments = {"--simulate", "healthy", "--json", file}});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  const auto lines = lines_of(ran.out);
  EXPECT_THAT(lines.front(), HasSubstr("simulated"));
  EXPECT_THAT(lines.back(), HasSubstr("simulated"));
  EXPECT_THAT(ran.out, HasSubstr("device: 0, GPU Compute Capability: "));
  EXPECT_EQ(json::parse(file_text(file)).at("simulated"), true);
}

TEST(Program, HelpAndVersionGoToStandardOutput) {
  const Ran help = run_program({.arguments = {"--help"}});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:"));
  EXPECT_THAT(help.out, HasSubstr("doctor"));
  for (const char* later : {"bench", "compare", "stress", "merge", "--worker"})
    EXPECT_THAT(help.out, Not(HasSubstr(later)));
  EXPECT_THAT(run_program({.arguments = {"--version"}}).out, StartsWith("gpucheck "));
  EXPECT_THAT(run_program({.arguments = {"verify", "--help"}}).out, HasSubstr("--only"));
}

TEST(Doctor, DiagnosesTheShippedMachineOfACatalogueRow) {
  const Ran ran = run_program({.arguments = {"doctor", "--simulate", "D1"}});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.out, HasSubstr("[D1 "));
  EXPECT_THAT(lines_of(ran.out).front(), HasSubstr("simulated"));
  EXPECT_THAT(lines_of(ran.out).back(), HasSubstr("simulated"));
  EXPECT_EQ(run_program({.arguments = {"doctor", "--simulate", "Z99"}}).code, 64);
}

TEST(Program, ExplainAnswersOffline) {
  const Ran ran = run_program({.arguments = {"explain", "802"}});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("802"));
  EXPECT_EQ(run_program({.arguments = {"explain", "the weather"}}).code, 64);
  EXPECT_EQ(run_program({.arguments = {"explain"}}).code, 64);
}

TEST(Program, ListNamesOpsRulesAndDevices) {
  const Ran ran = run_program({.arguments = {"list"}});
  EXPECT_EQ(ran.code, 0);
  for (const char* part : {"bias", "matmul_tn", "Rule", "cpu"})
    EXPECT_THAT(ran.out, HasSubstr(part));
}

}  // namespace
}  // namespace gpucheck
