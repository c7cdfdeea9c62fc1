#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace gpucheck {
namespace {

using nlohmann::json;

/// The part of JSON Schema that our schemas use; a keyword it does not know is an error, or it
/// would be ignored in silence.
class Validator {
 public:
  explicit Validator(json schema) : root_(std::move(schema)) {}

  std::vector<std::string> problems(const json& value) {
    problems_.clear();
    check(root_, value, "$");
    return problems_;
  }

 private:
  void check(const json& schema, const json& value, const std::string& at) {
    for (const auto& [keyword, rule] : schema.items()) {
      if (keyword == "$ref") {
        check(root_.at("$defs").at(rule.get<std::string>().substr(8)), value, at);
      } else if (keyword == "type") {
        expect(has_type(rule, value), at, "has the wrong type");
      } else if (keyword == "const") {
        expect(value == rule, at, "is not " + rule.dump());
      } else if (keyword == "enum") {
        expect(std::find(rule.begin(), rule.end(), value) != rule.end(), at,
               "is not one of " + rule.dump());
      } else if (keyword == "required") {
        for (const json& key : rule)
          expect(value.contains(key.get<std::string>()), at, "lacks " + key.dump());
      } else if (keyword == "properties") {
        check_properties(rule, value, at);
      } else if (keyword == "items") {
        for (std::size_t i = 0; i < value.size(); ++i)
          check(rule, value[i], at + "[" + std::to_string(i) + "]");
      } else if (keyword == "additionalProperties") {
        for (const auto& [key, item] : value.items()) check(rule, item, at + "." + key);
      } else {
        expect(keyword == "$schema" || keyword == "title" || keyword == "description" ||
                   keyword == "$defs",
               at, "unknown keyword " + keyword);
      }
    }
  }

  // Stricter than the schema says: what our own programs write has to be documented.
  void check_properties(const json& properties, const json& value, const std::string& at) {
    for (const auto& [key, item] : value.items()) {
      expect(properties.contains(key), at, "has an undocumented key " + key);
      if (properties.contains(key)) check(properties[key], item, at + "." + key);
    }
  }

  static bool has_type(const json& rule, const json& value) {
    if (rule.is_array())
      return std::any_of(rule.begin(), rule.end(),
                         [&](const json& one) { return has_type(one, value); });
    const auto type = rule.get<std::string>();
    return type == "object"    ? value.is_object()
           : type == "array"   ? value.is_array()
           : type == "string"  ? value.is_string()
           : type == "boolean" ? value.is_boolean()
           : type == "integer" ? value.is_number_integer()
           : type == "number"  ? value.is_number()
                               : type == "null" && value.is_null();
  }

  void expect(bool good, const std::string& at, const std::string& problem) {
    if (!good) problems_.push_back(at + " " + problem);
  }

  json root_;
  std::vector<std::string> problems_;
};

Validator schema(const std::string& name) {
  return Validator(json::parse(file_text(std::string(GPUCHECK_SOURCE_DIR) + "/schema/" + name)));
}

TEST(Schema, FindsWhatIsMissingWrongAndUndocumented) {
  EXPECT_EQ(schema("gpucheck.snapshot.1.json").problems(json::object()),
            std::vector<std::string>{"$ lacks \"schema\""});
  const json wrong = {{"schema", "gpucheck.snapshot/1"}, {"host", {{"uid", "root"}}}, {"new", 1}};
  EXPECT_EQ(schema("gpucheck.snapshot.1.json").problems(wrong).size(), 2u);
}

TEST(Schema, ReportsOfThisProgramAreValid) {
  Validator report = schema("gpucheck.report.1.json");
  Validator snapshot = schema("gpucheck.snapshot.1.json");
  for (const auto& arguments : {std::vector<std::string>{},
                                {"--device", "cpu"},
                                {"doctor"},
                                {"--simulate", "healthy"},
                                {"verify", "--op", "bias", "--simulate", "wrong_lane=3"}}) {
    Call call{.arguments = arguments};
    call.arguments.insert(call.arguments.end(), {"--json", "-"});
    const Ran ran = run_program(call);
    if (ran.code == 64 && !has_simulator()) continue;
    json written = json::parse(ran.out);
    EXPECT_EQ(report.problems(written), std::vector<std::string>())
        << testing::PrintToString(arguments);
    json facts = written.at("snapshot");
    facts["schema"] = "gpucheck.snapshot/1";
    EXPECT_EQ(snapshot.problems(facts), std::vector<std::string>())
        << testing::PrintToString(arguments);
  }
}

TEST(Schema, SavedSnapshotsAreValidAndReadBack) {
  const std::string file = fresh_path("facts.json");
  const Ran saved = run_program({.arguments = {"doctor", "--save", file}});
  EXPECT_EQ(schema("gpucheck.snapshot.1.json").problems(json::parse(file_text(file))),
            std::vector<std::string>());
  EXPECT_EQ(run_program({.arguments = {"doctor", "--from", file}}).code, saved.code);
}

}  // namespace
}  // namespace gpucheck
