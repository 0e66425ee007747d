#include "cli/bind_options.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/time_text.h"
#include "cli/number_range.h"

namespace animate::cli {
namespace {

// {"a", "b"} -> "--a,--b"
std::string long_flags(const catalog::OptionRow& row, std::string_view prefix = "--") {
  std::string flags;
  for (const std::string& name : row.names) flags += fmt::format("{}{}{}", flags.empty() ? "" : ",", prefix, name);
  return flags;
}

CLI::Validator one_of(const TextField& field) {
  return CLI::Validator(
      [field](std::string& text) -> std::string {
        const auto choices = field.choices();
        if (std::find(choices.begin(), choices.end(), text) != choices.end()) return {};
        return fmt::format("{} is not one of {}", text, fmt::join(choices, "|"));
      },
      "");
}

// Declares a row by the type of its value.
struct Binder {
  CLI::App& app;
  const catalog::OptionRow& row;

  CLI::Option* operator()(bool* value) const {
    // CLI11 sets a flag named with "!" to false.
    return app.add_flag(long_flags(row) + "," + long_flags(row, "!--no-"), *value,
                        fmt::format("{} (default {})", row.help, *value ? "on" : "off"));
  }
  CLI::Option* operator()(int64_t* value) const {
    return app.add_option(long_flags(row), *value, row.help)
        ->check(number_range(static_cast<int64_t>(row.low), static_cast<int64_t>(row.high)))
        ->option_text(fmt::format("N [{}]", *value));
  }
  CLI::Option* operator()(double* value) const {
    if (row.kind == catalog::kTime) return time(value);
    return app.add_option(long_flags(row), *value, row.help)
        ->check(number_range(row.low, row.high))
        ->option_text(std::isfinite(*value) ? fmt::format("X [{}]", *value) : "X");
  }
  CLI::Option* time(double* value) const {
    const auto check_and_set = [value, name = "--" + row.name(), high = row.high](const std::string& text) {
      // What --print-config writes where there is no end.
      const auto seconds = text == "inf" ? std::optional(high) : seconds_of(text);
      if (!seconds) throw CLI::ValidationError(name, text + " is not a time; write seconds, as in 1.5, or 0:05");
      if (*seconds > high) throw CLI::ValidationError(name, fmt::format("{} is more than {} seconds", text, high));
      *value = *seconds;
    };
    return app.add_option_function<std::string>(long_flags(row), check_and_set, row.help)
        ->option_text(std::isfinite(*value) ? fmt::format("TIME [{}]", *value) : "TIME");
  }
  CLI::Option* operator()(const TextField& field) const {
    // The value's own grammar speaks while the command line is parsed: its sentence leaves the parser as it is.
    CLI::Option* const option = app.add_option_function<std::string>(
        long_flags(row), [field](const std::string& text) { field.parse(text); }, row.help);
    const bool choice = !field.choices().empty();
    const std::string kind = choice ? fmt::format("{}", fmt::join(field.choices(), "|")) : row.kind;
    const std::string value = field.text();
    option->option_text(value.empty() ? kind : fmt::format("{} [{}]", kind, value));
    if (choice) option->check(one_of(field));
    if (kind.ends_with("…")) option->join(';');
    return option;
  }
};

std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

struct TomlValue {
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(const int64_t* value) const { return fmt::format("{}", *value); }
  std::string operator()(const double* value) const { return fmt::format("{}", *value); }
  std::string operator()(const TextField& field) const { return quoted(field.text()); }
};

}  // namespace

CLI::Option* bind_option(CLI::App& app, const catalog::OptionRow& row) {
  return std::visit(Binder{app, row}, row.value)->group(row.group);
}

const catalog::OptionRow& row_of(const std::vector<catalog::OptionRow>& rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const catalog::OptionRow& row) { return row.name() == name; });
  check(found != rows.end(), ErrorKind::Internal, "there is no option {}", name);
  return *found;
}

std::string to_toml(const std::vector<catalog::OptionRow>& rows) {
  std::string text;
  std::string group;
  for (const catalog::OptionRow& row : rows) {
    if (row.group != group) text += fmt::format("{}# {}\n", text.empty() ? "" : "\n", row.group);
    group = row.group;
    text += fmt::format("# {}\n{} = {}\n", row.help, row.name(), std::visit(TomlValue{}, row.value));
  }
  return text;
}

}  // namespace animate::cli
