#include "verify/doctor/snapshot_json.hpp"

#include <limits>

#include "verify/doctor/snapshot_fields.hpp"

namespace gpucheck {
namespace {

Json written(const std::string& text) { return text; }
Json written(bool value) { return value; }
template <class T>
  requires std::is_arithmetic_v<T>
Json written(T value) {
  return value;
}
Json written(const std::map<std::string, std::string>& map) {
  Json json = Json::object();
  for (const auto& [key, value] : map) json[key] = value;
  return json;
}
template <class T>
Json written(const std::vector<T>& list);
template <class T>
  requires std::is_class_v<T>
Json written(const T& value);

// Nothing is written for what was not probed: an empty optional, string or list.
struct Writer {
  Json json = Json::object();

  template <class T>
  void operator()(const char* key, const std::optional<T>& value) {
    if (value) json[key] = written(*value);
  }
  template <class T>
  void operator()(const char* key, const T& value) {
    Json text = written(value);
    if (text.is_string() ? !text.template get_ref<const std::string&>().empty() : !text.empty()) {
      json[key] = std::move(text);
    }
  }
};

template <class T>
Json written(const std::vector<T>& list) {
  Json json = Json::array();
  for (const T& value : list) json.push_back(written(value));
  return json;
}
template <class T>
  requires std::is_class_v<T>
Json written(const T& value) {
  Writer writer;
  fields(writer, value);
  return std::move(writer.json);
}

bool read(const Json& json, bool& value) {
  if (json.is_boolean()) value = json.get<bool>();
  return json.is_boolean();
}
bool read(const Json& json, double& value) {
  if (json.is_number()) value = json.get<double>();
  return json.is_number();
}
bool read(const Json& json, std::string& value) {
  if (json.is_string()) value = json.get<std::string>();
  return json.is_string();
}
template <class T>
  requires std::is_integral_v<T>
bool read(const Json& json, T& value) {
  using Limits = std::numeric_limits<T>;
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(Limits::max())) return false;
    value = static_cast<T>(number);
    return true;
  }
  if (!json.is_number_integer() || !std::is_signed_v<T>) return false;
  const auto number = json.get<std::int64_t>();
  if (number < static_cast<std::int64_t>(Limits::min())) return false;
  value = static_cast<T>(number);
  return true;
}
bool read(const Json& json, std::map<std::string, std::string>& map) {
  if (!json.is_object()) return false;
  for (const auto& [key, value] : json.items()) {
    if (std::string text; read(value, text)) map[key] = text;
  }
  return true;
}
template <class T>
bool read(const Json& json, std::vector<T>& list);
template <class T>
  requires std::is_class_v<T>
bool read(const Json& json, T& value);

struct Reader {
  const Json& json;

  template <class T>
  void operator()(const char* key, std::optional<T>& value) {
    T found{};
    if (const auto at = json.find(key); at != json.end() && read(*at, found))
      value = std::move(found);
  }
  template <class T>
  void operator()(const char* key, T& value) {
    if (const auto at = json.find(key); at != json.end()) read(*at, value);
  }
};

template <class T>
bool read(const Json& json, std::vector<T>& list) {
  if (!json.is_array()) return false;
  for (const Json& element : json) {
    if (T value{}; read(element, value)) list.push_back(std::move(value));
  }
  return true;
}
template <class T>
  requires std::is_class_v<T>
bool read(const Json& json, T& value) {
  if (!json.is_object()) return false;
  Reader reader{json};
  fields(reader, value);
  return true;
}

}  // namespace

Json snapshot_json(const Snapshot& snapshot) {
  Json json = {{"schema", snapshot_schema}};
  Json body = written(snapshot);
  // An empty environment is a fact; one that was not looked at is not.
  if (snapshot.environment_probed) {
    body["environment"] = written(snapshot.environment);
  } else {
    body.erase("environment");
  }
  json.update(body);
  return json;
}

Snapshot snapshot_from_json(const Json& json) {
  Snapshot snapshot;
  read(json, snapshot);
  snapshot.environment_probed =
      json.is_object() && json.contains("environment") && json["environment"].is_object();
  return snapshot;
}

Result<Snapshot> read_snapshot(const std::string& path) {
  const auto json = read_json_file(path, "gpucheck.");
  if (!json) return json.error();
  if ((*json)["schema"] == snapshot_schema) return snapshot_from_json(*json);
  if (const auto inner = json->find("snapshot"); inner != json->end() && inner->is_object()) {
    return snapshot_from_json(*inner);
  }
  return Error{path + ": it holds no snapshot (schema " + json->value("schema", "") + ")", path};
}

}  // namespace gpucheck
