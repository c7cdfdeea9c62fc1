#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "gpucheck/result.hpp"

namespace gpucheck {

/// JSON with its keys in the order they were written in.
using Json = nlohmann::ordered_json;

inline constexpr std::uint64_t json_file_limit_bytes = std::uint64_t{64} << 20;
inline constexpr int json_nesting_limit = 64;

/// Parses one JSON text; the error is one line. Nesting beyond the limit is refused as soon as it
/// is seen.
Result<Json> parse_json(std::string_view text);

/// The text of a file of at most 64 MB, larger ones are refused unread. The error is one line that
/// names the path.
Result<std::string> read_file(const std::string& path);

/// A snapshot or report: one JSON object, or the JSON lines of a run that was cut off (merged into
/// such an object, a torn last line dropped). `schema` is the beginning of the schema name it must
/// have, "gpucheck.".
Result<Json> read_json_file(const std::string& path, std::string_view schema);

/// Compact text of it; bytes that are not UTF-8 become replacement characters.
std::string json_text(const Json& json);

}  // namespace gpucheck
