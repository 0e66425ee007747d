#include "catalog/option_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/error.h"
#include "base/nearest.h"
#include "base/time_text.h"

namespace animate::catalog {
namespace {

using nlohmann::json;

bool fits(const OptionRow& row, double number) { return number >= row.low && number <= row.high; }

std::string range_text(const OptionRow& row) {
  return std::isfinite(row.high) ? fmt::format("from {} to {}", row.low, row.high)
                                 : fmt::format("of at least {}", row.low);
}

struct Setter {
  const OptionRow& row;
  const std::string& name;
  const json& value;

  void operator()(bool* target) const {
    check(value.is_boolean(), ErrorKind::Usage, "{}: {} is not true or false", name, value.dump());
    *target = value.get<bool>();
  }
  void operator()(int64_t* target) const {
    check(value.is_number_integer() && fits(row, value.get<double>()), ErrorKind::Usage,
          "{}: {} is not a whole number {}", name, value.dump(), range_text(row));
    *target = value.get<int64_t>();
  }
  void operator()(double* target) const {
    if (row.kind == kTime && value.is_string()) {
      const auto seconds = seconds_of(value.get<std::string>());
      check(seconds && fits(row, *seconds), ErrorKind::Usage,
            "{}: {} is not a time; write seconds, as in 1.5, or \"0:05\"", name, value.dump());
      *target = *seconds;
      return;
    }
    check(value.is_number() && fits(row, value.get<double>()), ErrorKind::Usage, "{}: {} is not a number {}", name,
          value.dump(), range_text(row));
    *target = value.get<double>();
  }
  void operator()(const TextField& target) const {
    check(value.is_string() || value.is_number_integer(), ErrorKind::Usage, "{}: {} is not a text", name, value.dump());
    // Some texts are often numbers: a frame rate, a reference frame, a face.
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const auto choices = target.choices();
    check(choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end(), ErrorKind::Usage,
          "{}: {} is not one of {}", name, text, fmt::join(choices, "|"));
    target.parse(text);
  }
};

}  // namespace

nlohmann::ordered_json json_of(const OptionRow& row) {
  return std::visit(
      [](const auto& value) -> nlohmann::ordered_json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, TextField>) {
          return value.text();
        } else {
          return *value;
        }
      },
      row.value);
}

void set_row(const OptionRow& row, const std::string& name, const json& value) {
  std::visit(Setter{row, name, value}, row.value);
}

void set_option(AnimateOptions& options, const std::string& name, const json& value) {
  std::string flag = name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  std::vector<std::string> known = {"source", "driving", "output", "model", "config"};
  for (const OptionRow& row : rows_of(options)) {
    if (std::find(row.names.begin(), row.names.end(), flag) != row.names.end()) {
      set_row(row, name, value);
      return;
    }
    known.insert(known.end(), row.names.begin(), row.names.end());
  }
  const std::string hint = nearest(flag, known);
  fail(ErrorKind::Usage, "{}: is no option; {}", name,
       hint.empty() ? "`animate --help` lists them" : fmt::format("did you mean {}?", hint));
}

nlohmann::ordered_json changed_options(const AnimateOptions& options) {
  AnimateOptions given = options;
  AnimateOptions defaults;
  return changed_rows(rows_of(given), rows_of(defaults));
}

nlohmann::ordered_json changed_rows(const std::vector<OptionRow>& rows, const std::vector<OptionRow>& unchanged) {
  auto changed = nlohmann::ordered_json::object();
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto value = json_of(rows[i]);
    if (value != json_of(unchanged[i])) changed[rows[i].name()] = value;
  }
  return changed;
}

}  // namespace animate::catalog
