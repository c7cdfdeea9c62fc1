#include "verify/doctor/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>
#include <vector>

#include "verify/doctor/csv.hpp"

namespace gpucheck {
namespace {

using Row = std::vector<std::string>;

// In the order in which a bare number is answered.
constexpr std::array domains = {"cuda", "cudnn9", "cudnn7_8", "cublas", "nvml", "nccl"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::string_view domain_title(std::string_view domain) {
  if (domain == "cuda") return "CUDA";
  if (domain == "cudnn9") return "cuDNN 9";
  if (domain == "cudnn7_8") return "cuDNN 7 and 8";
  if (domain == "cublas") return "cuBLAS";
  if (domain == "nvml") return "NVML";
  return "NCCL";
}

void line(std::string& text, std::string_view label, const std::string& value) {
  if (!value.empty()) text += fmt::format("  {:<9}{}\n", label, value);
}

std::string code_answer(const Row& row) {
  const Csv& codes = table("cuda_errors");
  const std::string& other = codes.cell(row, "alt_name");
  std::string text =
      fmt::format("{} {}: {}{}\n", domain_title(codes.cell(row, "domain")), codes.cell(row, "code"),
                  codes.cell(row, "name"), other.empty() ? "" : ", " + other);
  line(text, "says", codes.cell(row, "message"));
  line(text, "means", codes.cell(row, "meaning"));
  line(text, "causes", codes.cell(row, "likely_root_causes"));
  line(text, "fix", codes.cell(row, "suggested_fix"));
  return text;
}

std::string xid_answer(const Row& row) {
  const Csv& known = table("xid_table");
  std::string text = fmt::format("Xid {}: {} ({})\n", known.cell(row, "xid"),
                                 known.cell(row, "name"), known.cell(row, "severity"));
  line(text, "causes", known.cell(row, "possible_causes_r555"));
  line(text, "action", known.cell(row, "immediate_action_bucket"));
  line(text, "advice", known.cell(row, "suggested_action"));
  return text;
}

std::string catalogue_answer(const Row& row) {
  const Csv& catalogue = table("failure_catalogue");
  std::string text =
      fmt::format("{}: {}\n", catalogue.cell(row, "id"), catalogue.cell(row, "symptom"));
  line(text, "cause", catalogue.cell(row, "cause"));
  line(text, "fix", catalogue.cell(row, "fix"));
  return text;
}

std::string code_answers(std::string_view domain, const std::string& number) {
  const Csv& codes = table("cuda_errors");
  std::string text;
  for (const Row& row : codes.rows) {
    if (codes.cell(row, "domain") == domain && codes.cell(row, "code") == number)
      text += code_answer(row);
  }
  return text;
}

std::string xid_answers(const std::string& number) {
  const Csv& known = table("xid_table");
  for (const Row& row : known.rows) {
    if (known.cell(row, "xid") == number) return xid_answer(row);
  }
  return "";
}

std::string catalogue_answers(const std::string& id) {
  const Csv& catalogue = table("failure_catalogue");
  for (const Row& row : catalogue.rows) {
    if (lower(catalogue.cell(row, "id")) == id) return catalogue_answer(row);
  }
  return "";
}

std::string for_every_domain(const std::string& number) {
  std::string text;
  for (const char* domain : domains) text += code_answers(domain, number);
  return text + xid_answers(number);
}

// "cudnn 1002", "nvml: 18", "error code 802", "Xid (PCI:0000:08:00): 79".
std::string by_domain_and_number(const std::string& question) {
  static const std::regex xid(R"(xid\s*(?:\([^)]{0,80}\))?\s*[:#=]?\s*([0-9]{1,4}))");
  static const std::regex named(
      R"((cuda|cudnn|cublas|cublaslt|nvml|nccl)(?:\s+(?:error|status|code))*\s*[:#=(]?\s*([0-9]{1,5}))");
  static const std::regex plain(
      R"((?:^|error|code|status|returned|rc)\s*[:#=(]?\s*([0-9]{1,5})\b)");
  std::smatch match;
  if (std::regex_search(question, match, xid)) return xid_answers(match[1]);
  if (std::regex_search(question, match, named)) {
    const std::string number = match[2];
    if (match[1] == "cudnn")
      return code_answers("cudnn9", number) + code_answers("cudnn7_8", number);
    return code_answers(match[1] == "cublaslt" ? "cublas" : match[1].str(), number);
  }
  if (std::regex_search(question, match, plain)) return for_every_domain(match[1]);
  return "";
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      result.back() += c;
    } else if (!result.back().empty()) {
      result.emplace_back();
    }
  }
  return result;
}

std::string by_name(const std::string& question) {
  const Csv& codes = table("cuda_errors");
  std::string text;
  for (const std::string& word : words(question)) {
    if (word.size() < 6) continue;
    for (const Row& row : codes.rows) {
      if (lower(codes.cell(row, "name")) == word || lower(codes.cell(row, "alt_name")) == word)
        text += code_answer(row);
    }
  }
  return text;
}

// Whether the parts of a phrase between "..." stand in the text, in order.
bool holds(std::string_view text, std::string phrase) {
  std::size_t from = 0;
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find("..."), phrase.size());
    std::string part = phrase.substr(0, end);
    phrase.erase(0, std::min(end + 3, phrase.size()));
    while (!part.empty() && part.back() == ' ') part.pop_back();
    while (!part.empty() && part.front() == ' ') part.erase(0, 1);
    const std::size_t at = text.find(part, from);
    if (at == std::string_view::npos) return false;
    from = at + part.size();
  }
  return true;
}

std::string by_phrase(const std::string& question) {
  constexpr std::size_t telling = 12;
  std::string text;
  const Csv& codes = table("cuda_errors");
  for (const Row& row : codes.rows) {
    const std::string message = lower(codes.cell(row, "message"));
    if (message.size() >= telling && question.find(message) != std::string::npos)
      text += code_answer(row);
  }
  const Csv& catalogue = table("failure_catalogue");
  for (const Row& row : catalogue.rows) {
    std::string rest = lower(catalogue.cell(row, "phrases"));
    bool matched = false;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(" | "), rest.size());
      const std::string phrase = rest.substr(0, end);
      rest.erase(0, std::min(end + 3, rest.size()));
      matched = matched || (phrase.size() >= telling && phrase.find(' ') != std::string::npos &&
                            holds(question, phrase));
    }
    if (matched) text += catalogue_answer(row);
  }
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string nearest(const std::string& question) {
  constexpr std::size_t longest_name = 64;
  if (question.size() > longest_name) return "";
  std::vector<std::pair<std::size_t, std::string>> near;
  const Csv& codes = table("cuda_errors");
  for (const Row& row : codes.rows) {
    for (const char* column : {"name", "alt_name"}) {
      const std::string& name = codes.cell(row, column);
      if (name.empty()) continue;
      const std::string candidate = lower(name);
      std::size_t distance = edit_distance(question, candidate);
      if (question.size() >= 5 && candidate.find(question) != std::string::npos) distance = 1;
      if (distance <= 1 + question.size() / 4) near.emplace_back(distance, name);
    }
  }
  std::ranges::stable_sort(near, {}, &std::pair<std::size_t, std::string>::first);
  if (near.size() > 5) near.resize(5);
  std::string text;
  for (const auto& [distance, name] : near) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Explanation explain(std::string_view question) {
  constexpr std::size_t longest_line = 2000;
  std::string text = lower(question.substr(0, longest_line));
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.empty())
    return {
        "Give a code, a name, an Xid or an error line: 802, cudnn 1002, xid 79, "
        "CUDA_ERROR_NO_DEVICE\n"};

  std::string answer = catalogue_answers(text);
  if (answer.empty()) answer = by_name(text);
  if (answer.empty()) answer = by_phrase(text);
  if (answer.empty()) answer = by_domain_and_number(text);
  if (!answer.empty()) return {std::move(answer), true};
  std::string reply = fmt::format(
      "\"{}\" is in none of the tables (CUDA, cuDNN, cuBLAS, NVML, NCCL, Xid, catalogue)\n",
      question.substr(0, 200));
  if (const std::string near = nearest(text); !near.empty())
    reply += "Did you mean: " + near + "\n";
  return {std::move(reply)};
}

}  // namespace gpucheck
