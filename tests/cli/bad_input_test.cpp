#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/program.hpp"

namespace gpucheck {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Ran gpucheck(std::vector<std::string> arguments) {
  return run_program({.arguments = std::move(arguments)});
}

/// One line on standard error with all of `parts`, nothing on standard output, exit code 64.
void expect_refused(const Ran& ran, const std::vector<std::string>& parts) {
  EXPECT_EQ(ran.code, 64);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(lines_of(ran.err), SizeIs(1)) << ran.err;
  for (const std::string& part : parts) EXPECT_THAT(ran.err, HasSubstr(part));
  EXPECT_LT(ran.seconds, 20);
}

TEST(BadInput, NearMissesAreSuggested) {
  expect_refused(gpucheck({"verfy"}), {"\"verfy\"", "did you mean \"verify\"?"});
  expect_refused(gpucheck({"--jsn", "x"}), {"\"--jsn\"", "did you mean \"--json\"?"});
  expect_refused(gpucheck({"verify", "--dtyp=f32"}), {"\"--dtyp\"", "did you mean \"--dtype\"?"});
  expect_refused(gpucheck({"verify", "--op", "matmul_tm"}), {"\"matmul_tm\"", "matmul_tn"});
  expect_refused(gpucheck({"--simulate", "bitflip=1"}), {"bitflip", "did you mean \"bit_flip\"?"});
}

TEST(BadInput, UnknownWordsNameWhatIsAllowed) {
  expect_refused(gpucheck({"bench"}), {"\"bench\"", "--help"});  // Not before it works.
  expect_refused(gpucheck({"verify", "now"}), {"\"now\"", "verify --help"});
  expect_refused(gpucheck({"verify", "--dtype", "f8"}), {"\"f8\"", "f64, f32, f16, bf16"});
  expect_refused(gpucheck({"verify", "--provider", "tpu"}),
                 {"\"tpu\"", "reference, cpu, kernel, vendor"});
  expect_refused(gpucheck({"list", "gpus"}), {"\"gpus\"", "ops, rules, devices"});
}

TEST(BadInput, FilterThatMatchesNothingIsRefused) {
  expect_refused(gpucheck({"verify", "--only", "matmul/*"}),
                 {"matmul/*", "op/implementation/dtype/shape/inputs"});
  expect_refused(gpucheck({"verify", "--op", "adam", "--dtype", "bf16"}),
                 {"--op, --dtype and --provider"});
}

TEST(BadInput, ValuesOutOfRangeNameTheRange) {
  expect_refused(gpucheck({"--timeout", "soon"}), {"\"soon\"", "90s, 5m, 1h"});
  for (const char* value : {"0", "-1", "1e99", "nan", "10x", ""})
    EXPECT_EQ(gpucheck({"--timeout", value}).code, 64) << value;
  expect_refused(gpucheck({"--no-gpu-exit", "0"}), {"\"0\"", "from 1 to 255"});
  expect_refused(gpucheck({"--no-gpu-exit", "256"}), {"\"256\""});
  expect_refused(gpucheck({"verify", "--repeat", "0"}), {"\"0\"", "from 1"});
  expect_refused(gpucheck({"verify", "--seed", "18446744073709551616"}), {"18446744073709551616"});
  expect_refused(gpucheck({"--color", "sometimes"}), {"\"sometimes\"", "auto, always, never"});
  expect_refused(gpucheck({"--quiet", "--verbose"}), {"--quiet and --verbose"});
}

TEST(BadInput, DirectoriesToLookIntoMustExist) {
  for (const char* option : {"--python", "--libraries"})
    expect_refused(gpucheck({"doctor", option, "/no/such"}), {option, "/no/such"});
}

// What a monitoring system is told where a command line is wrong.
TEST(BadInput, NagiosIsToldThatNothingIsKnown) {
  const Ran ran = gpucheck({"--nagios", "--device", "gpu"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, testing::StartsWith("GPUCHECK UNKNOWN - "));
  EXPECT_THAT(lines_of(ran.out), SizeIs(1));
}

TEST(BadInput, MissingValuesAndRepeatedOptionsAreRefused) {
  EXPECT_EQ(gpucheck({"--json"}).code, 64);
  EXPECT_EQ(gpucheck({"--json", "--quiet"}).code, 64);
  EXPECT_EQ(gpucheck({"--json", "/dev/null", "--json", "/dev/null"}).code, 64);
}

TEST(BadInput, DevicesAreChecked) {
  expect_refused(gpucheck({"--device", "first"}), {"\"first\"", "a UUID (GPU-...)", "cpu"});
  expect_refused(gpucheck({"--device", "0,,1"}), {"\"\""});
  expect_refused(gpucheck({"--device", "-1"}), {});
  expect_refused(gpucheck({"--device", "99999999999999999999"}), {"99999999999999999999"});
}

TEST(BadInput, DeviceThatDoesNotExistNamesThoseThatDo) {
  if (!has_simulator()) GTEST_SKIP() << "no gpucheck-simulated in this build";
  const Ran ran = gpucheck({"--simulate", "healthy", "--device", "7"});
  EXPECT_EQ(ran.code, 64);
  EXPECT_THAT(ran.err, HasSubstr("\"7\""));
  EXPECT_THAT(ran.err, HasSubstr("0 ("));
}

TEST(BadInput, SicknessesAreChecked) {
  expect_refused(gpucheck({"--simulate", "healthy=1"}), {"healthy with no value"});
  expect_refused(gpucheck({"--simulate", "bit_flip=often"}),
                 {"bit_flip=often", "a rate from 1e-12 to 1"});
  expect_refused(gpucheck({"--simulate", "wrong_lane=32"}), {"a lane from 0 to 31"});
  expect_refused(gpucheck({"--simulate", "healthy,gpus=0"}), {"gpus=0", "from 1 to 8"});
  expect_refused(gpucheck({"--simulate", "hang,hang"}), {"gpus=N"});
  expect_refused(gpucheck({"--simulate", ""}), {"\"\""});
}

TEST(BadInput, SnapshotFilesThatCannotBeReadSayWhy) {
  const std::string file = fresh_path("facts.json");
  const auto from = [&](const std::string& text) {
    std::ofstream(file) << text;
    return gpucheck({"doctor", "--from", file});
  };
  expect_refused(gpucheck({"doctor", "--from", file + ".missing"}),
                 {file + ".missing", "No such file"});
  expect_refused(gpucheck({"doctor", "--from", "/tmp"}), {"/tmp", "directory"});
  expect_refused(from(""), {file, "empty"});
  expect_refused(from("{\"schema\":\"gpucheck.snapshot/1\",\"host\":{"), {file, "cut off"});
  expect_refused(from("{\"bomFormat\":\"CycloneDX\"}"), {file, "no file of gpucheck"});
  expect_refused(from("{\"schema\":\"gpucheck.snapshot/1\",\"x\":" + std::string(100'000, '[')),
                 {file, "nested deeper"});
  ASSERT_EQ(truncate(file.c_str(), off_t{1} << 30), 0);
  const Ran huge = gpucheck({"doctor", "--from", file});
  expect_refused(huge, {file, "64 MB"});
  EXPECT_LT(huge.seconds, 5);
}

TEST(BadInput, ReportsThatCannotBeWrittenAreKnownBeforeAnyWork) {
  expect_refused(gpucheck({"--json", "/no/such/directory/r.json"}),
                 {"--json", "/no/such/directory/r.json", "No such file"});
  expect_refused(gpucheck({"--junit", "/tmp"}), {"--junit", "/tmp", "directory"});
  expect_refused(gpucheck({"--prometheus", "/proc/version"}), {"--prometheus"});
  expect_refused(gpucheck({"doctor", "--save", "/no/such/facts.json"}), {"--save"});
  const std::string file = fresh_path("same");
  expect_refused(gpucheck({"--json", file, "--junit", file}), {file, "two reports"});
  EXPECT_FALSE(std::filesystem::exists(file + ".jsonl"));
}

}  // namespace
}  // namespace gpucheck
