#include "kernels/device/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gpucheck {
namespace {

using testing::HasSubstr;

TEST(Simulation, EveryRowParsesWithoutAValue) {
  for (const SicknessRow& row : sicknesses()) {
    const auto simulation = parse_simulation(row.name);
    ASSERT_TRUE(simulation) << row.name;
    EXPECT_EQ(simulation->sickness, row.sickness);
    EXPECT_EQ(simulation->gpus, 1u);
    EXPECT_FALSE(row.meaning.empty());
  }
}

TEST(Simulation, ReadsValuesAndGpus) {
  EXPECT_EQ(parse_simulation("bit_flip=0.25")->rate, 0.25);
  EXPECT_EQ(parse_simulation("bit_flip=@4096")->address, 4096u);
  EXPECT_EQ(parse_simulation("wrong_lane=31,gpus=8")->number, 31u);
  EXPECT_EQ(parse_simulation("wrong_lane=31,gpus=8")->gpus, 8u);
  EXPECT_EQ(parse_simulation("launch_failure=700")->code, 700);
  EXPECT_EQ(parse_simulation("slow_clock=2.5")->factor, 2.5);
}

TEST(Simulation, RefusesInOneLineThatNamesValueAndChoices) {
  for (const auto& [text, part] : {std::pair{"flu", "healthy, bit_flip[=RATE|@ADDRESS]"},
                                   {"", "healthy"},
                                   {"healthy=1", "no value"},
                                   {"bit_flip=", "a rate"},
                                   {"bit_flip=nan", "a rate"},
                                   {"bit_flip=0", "a rate"},
                                   {"bit_flip=@x", "number of a byte"},
                                   {"wrong_lane=32", "0 to 31"},
                                   {"wrong_lane=-1", "0 to 31"},
                                   {"wrong_sm=4", "0 to 3"},
                                   {"launch_failure=0", "1 to 999"},
                                   {"slow_clock=inf", "1 to 1000"},
                                   {"healthy,", "gpus=N"},
                                   {"healthy,gpus=0", "1 to 8"},
                                   {"healthy,gpus=2,gpus=3", "1 to 8"}}) {
    const auto simulation = parse_simulation(text);
    ASSERT_FALSE(simulation) << text;
    EXPECT_THAT(simulation.error().what, HasSubstr(part));
    EXPECT_THAT(simulation.error().what, HasSubstr("'" + std::string(text) + "'"));
    EXPECT_EQ(simulation.error().what.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace gpucheck
