#include "verify/worker/child.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace gpucheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ChildResult run(std::vector<std::string> arguments, double deadline_seconds = 20) {
  return run_child({.arguments = std::move(arguments), .deadline_seconds = deadline_seconds});
}

TEST(Child, RecordsAndChatterGoSeparateWays) {
  const ChildResult result = run({"test_say"});
  EXPECT_TRUE(result.end.ok()) << result.end.text();
  EXPECT_THAT(result.records, ElementsAre(R"({"a":1})", R"({"b":2})"));
  EXPECT_EQ(result.end.output, "a library's chatter\n");
}

TEST(Child, CrashKeepsWhatWasSaidAndNamesTheSignal) {
  for (const auto& [number, name] :
       {std::pair{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGKILL, "SIGKILL"}}) {
    const ChildResult result = run({"test_crash", std::to_string(number)});
    EXPECT_FALSE(result.end.ok());
    EXPECT_EQ(result.end.signal, number);
    EXPECT_EQ(result.end.text(), std::string("killed by ") + name);
    EXPECT_FALSE(result.end.interrupted);
    EXPECT_THAT(result.records, ElementsAre(R"({"before":true})"));
    EXPECT_EQ(result.end.output, "last words");
  }
}

TEST(Child, HangEndsAtItsDeadline) {
  const ChildResult result = run({"test_hang"}, 0.3);
  EXPECT_TRUE(result.end.timed_out);
  EXPECT_FALSE(result.end.unkillable);
  EXPECT_EQ(result.end.text(), "exceeded its deadline of 0.3 s");
  EXPECT_THAT(result.records, ElementsAre(R"({"before":true})"));
  EXPECT_LT(result.end.seconds, 2);
}

TEST(Child, EarlyExitSaysItsCode) {
  const ChildResult result = run({"test_exit", "3"});
  EXPECT_EQ(result.end.exit_code, 3);
  EXPECT_EQ(result.end.text(), "exited with code 3");
  EXPECT_THAT(result.records, IsEmpty());
}

TEST(Child, GarbageIsDroppedAndCounted) {
  const ChildResult result = run({"test_garbage"});
  EXPECT_THAT(result.records, ElementsAre(R"({"good":1})"));
  EXPECT_EQ(result.end.garbage, 3);  // Not JSON, not an object, torn.
  EXPECT_THAT(result.end.text(), HasSubstr("3 unreadable records"));
}

TEST(Child, MegabytesOfOutputNeitherBlockNorPileUp) {
  const ChildResult result = run({"test_flood_output"});
  EXPECT_TRUE(result.end.ok()) << result.end.text();
  EXPECT_LE(result.end.output.size(), 4096u);
  EXPECT_THAT(result.end.output, testing::EndsWith("the end\n"));
}

TEST(Child, EndlessRecordsAreCutOff) {
  for (const char* task : {"test_flood_records", "test_flood_without_lines"}) {
    const ChildResult result = run({task}, 60);
    EXPECT_THAT(result.end.text(), HasSubstr("more than 64 MiB of records"));
    EXPECT_FALSE(result.end.ok());
    EXPECT_FALSE(result.end.timed_out);
  }
}

TEST(Child, DaemonThatKeepsThePipesOpenDelaysNothing) {
  const ChildResult result = run({"test_daemon"});
  EXPECT_EQ(result.end.exit_code, 0);
  EXPECT_THAT(result.records, ElementsAre(R"({"before":true})"));
  EXPECT_LT(result.end.seconds, 2);
}

TEST(Child, EnvironmentIsInheritedSetAndRemoved) {
  setenv("GPUCHECK_TEST_INHERITED", "old", 1);
  const auto value = [](auto changes) {
    return run_child({.arguments = {"test_environment", "GPUCHECK_TEST_INHERITED"},
                      .environment = changes})
        .records;
  };
  using Changes = std::vector<std::pair<std::string, std::optional<std::string>>>;
  EXPECT_THAT(value(Changes{}), ElementsAre(R"({"value":"old"})"));
  EXPECT_THAT(value(Changes{{"GPUCHECK_TEST_INHERITED", "new"}}),
              ElementsAre(R"({"value":"new"})"));
  EXPECT_THAT(value(Changes{{"GPUCHECK_TEST_INHERITED", std::nullopt}}),
              ElementsAre(R"({"value":"unset"})"));
}

TEST(Child, HasAnEmptyStdinAndNoDescriptorOfOurs) {
  const int ours =
      open("/dev/null", O_RDONLY);  // Without close-on-exec, as a careless library opens it.
  EXPECT_THAT(run({"test_stdin"}).records, ElementsAre(R"({"end":true})"));
  EXPECT_THAT(run({"test_descriptors"}).records, ElementsAre(R"({"open":4})"));
  close(ours);
}

// In a process of its own, because it gives away stdin, stdout and stderr.
template <class Body>
int status_of(Body body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body() ? 0 : 1);
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(Child, WorksWhereTheParentHasNoStdinStdoutOrStderr) {
  EXPECT_EQ(status_of([] {
              for (const int number : {0, 1, 2}) close(number);
              const ChildResult result = run({"test_say"});
              return result.end.ok() && result.records.size() == 2 &&
                     result.end.output == "a library's chatter\n";
            }),
            0);
}

TEST(Child, ManyThreadsAtOnceDoNotMixUp) {
  std::vector<std::thread> threads;
  std::vector<ChildResult> results(24);
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&results, i] { results[i] = run({"test_exit", std::to_string(i)}); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(results[i].end.exit_code, static_cast<int>(i));
}

TEST(Child, InterruptEndsTheRunningAndStopsTheNext) {
  EXPECT_EQ(status_of([] {
              std::thread other([] {
                usleep(200'000);
                interrupt_children();
              });
              const ChildResult first = run({"test_hang"});
              other.join();
              const ChildResult second = run({"test_say"});
              return first.end.interrupted && first.end.seconds < 5 && second.end.interrupted &&
                     second.records.empty();
            }),
            0);
}

// A zombie is dead, though it keeps its number until somebody reaps it.
bool alive(pid_t pid) {
  std::string number, name, state;
  std::ifstream("/proc/" + std::to_string(pid) + "/stat") >> number >> name >> state;
  return !state.empty() && state != "Z" && state != "X";
}

TEST(Child, DiesWithAParentThatIsKilled) {
  const std::string file = testing::TempDir() + "gpucheck_child_pid_" + std::to_string(getpid());
  setenv("GPUCHECK_TEST_PID_FILE", file.c_str(), 1);
  const ChildResult parent = run({"test_start_a_child"}, 1.5);  // SIGKILL to the parent.
  EXPECT_TRUE(parent.end.timed_out);
  pid_t child = 0;
  std::ifstream(file) >> child;
  ASSERT_GT(child, 0);
  for (int i = 0; i < 500 && alive(child); ++i) usleep(10'000);
  EXPECT_FALSE(alive(child)) << "pid " << child << " outlived its parent";
  unlink(file.c_str());
}

TEST(Child, UnknownTaskIsOneLine) {
  const ChildResult result = run({"no_such_task"});
  EXPECT_EQ(result.end.exit_code, 64);
  EXPECT_THAT(result.end.output, HasSubstr("no_such_task"));
}

TEST(Child, TooManyOpenFilesIsAProblemAndNotACrash) {
  EXPECT_EQ(status_of([] {
              while (dup(0) >= 0) continue;
              const ChildResult result = run({"test_say"});
              return result.end.text() == "cannot start a worker: Too many open files" &&
                     !result.end.ok();
            }),
            0);
}

}  // namespace
}  // namespace gpucheck
