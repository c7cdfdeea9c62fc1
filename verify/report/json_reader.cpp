#include "verify/report/json_reader.hpp"

#include <fmt/format.h>

#include <vector>

namespace gpucheck {
namespace {

/// Builds a value from the parser's events; stops at the first thing that is not acceptable.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool key(string_t& name) override {
    // ordered_json looks a key up by walking: an object without limit would take for ever.
    if (open_.back()->size() > keys_limit)
      return refuse(fmt::format("an object in it has more than {} keys", keys_limit));
    slot_ = &(*open_.back())[name];
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const std::string text = error.what();
    const bool ended = text.find("unexpected end of input") != std::string::npos;
    return refuse(ended ? "it is cut off: the JSON text ends too early"
                        : fmt::format("it is not JSON: unexpected text at byte {}", position));
  }

  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

 private:
  static constexpr std::size_t keys_limit = 10'000;

  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  Json* place(Json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_object()) {
      *slot_ = std::move(value);
      return slot_;
    }
    open_.back()->push_back(std::move(value));
    return &open_.back()->back();
  }
  bool add(Json value) { return place(std::move(value)) != nullptr; }
  bool open(Json&& value) {
    if (open_.size() >= json_nesting_limit) {
      return refuse(fmt::format("it is nested deeper than {} levels", json_nesting_limit));
    }
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*>
      open_;  // A container only moves when it grows, and then it is not open below the last one.
  Json* slot_ = nullptr;  // Value of the last key of open_.back().
  std::string problem_;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Error{"it is empty", ""};
  Builder builder;
  if (!Json::sax_parse(text, &builder)) return Error{builder.problem(), ""};
  return builder.take();
}

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

// Lists gather one element from each line, {"case": ...}; the other keys stand in one line each.
void merge_line(Json& report, Json&& line) {
  for (auto& [key, value] : line.items()) {
    if (key == "case") {
      report["cases"].push_back(std::move(value));
    } else if (key == "measurement") {
      report["measurements"].push_back(std::move(value));
    } else {
      report[key] = std::move(value);
    }
  }
}

Result<Json> parse_lines(std::string_view text) {
  Json report = Json::object();
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // A run that was killed tears its last line.
    auto line = parse_json(text.substr(0, end));
    if (!line) return line.error();
    if (!line->is_object()) return Error{"it is not a report: a line is no JSON object", ""};
    merge_line(report, std::move(*line));
    text.remove_prefix(end + 1);
  }
  return report;
}

}  // namespace

Result<Json> read_json_file(const std::string& path, std::string_view schema) {
  const auto text = read_file(path);
  if (!text) return text.error();
  const std::size_t first_line = text->find('\n');
  const bool lines = first_line != std::string::npos &&
                     nlohmann::json::accept(text->substr(0, first_line)) &&
                     text->find_first_not_of(" \t\r\n", first_line) != std::string::npos;
  auto json = lines ? parse_lines(*text) : parse_json(*text);
  if (!json) return Error{fmt::format("{}: {}", path, json.error().what), path};
  const auto found = json->is_object() ? json->find("schema") : json->end();
  if (!json->is_object() || found == json->end() || !found->is_string()) {
    return Error{fmt::format("{}: it is JSON, but no file of gpucheck: it has no \"schema\"", path),
                 path};
  }
  const auto name = found->get<std::string>();
  if (name.rfind(schema, 0) != 0) {
    return Error{fmt::format("{}: its schema is \"{}\"; \"{}\" is needed here", path,
                             name.substr(0, 60), schema),
                 path};
  }
  return json;
}

}  // namespace gpucheck
