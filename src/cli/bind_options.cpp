#include "cli/bind_options.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <vector>

namespace animate::cli {
namespace {

// "a,b" -> "--a,--b"
std::string long_flags(std::string_view names, std::string_view prefix = "--") {
  std::string flags(prefix);
  for (const char c : names) {
    flags += c;
    if (c == ',') flags += prefix;
  }
  return flags;
}

std::string first_name(std::string_view names) { return std::string(names.substr(0, names.find(','))); }

// CLI11's own Range prints every digit of a double.
template <typename T>
CLI::Validator range(T low, T high) {
  return CLI::Validator(
      [low, high](std::string& text) -> std::string {
        T value{};
        if (!CLI::detail::lexical_cast(text, value) || value < low || value > high) {
          return std::isfinite(static_cast<double>(high))
                     ? fmt::format("{} is not a number from {} to {}", text, low, high)
                     : fmt::format("{} is not a number of at least {}", text, low);
        }
        return {};
      },
      "");
}

class TomlWriter : public OptionVisitor {
 public:
  void heading(std::string_view title) { text_ += fmt::format("{}# {}\n", text_.empty() ? "" : "\n", title); }
  void flag(std::string_view names, bool& value, std::string_view help) override {
    line(names, value ? "true" : "false", help);
  }
  void integer(std::string_view names, int64_t& value, int64_t, int64_t, std::string_view help) override {
    line(names, fmt::format("{}", value), help);
  }
  void number(std::string_view names, double& value, double, double, std::string_view help) override {
    line(names, fmt::format("{}", value), help);
  }
  void text(std::string_view names, std::string& value, std::string_view, std::string_view help) override {
    line(names, quoted(value), help);
  }
  void choice(std::string_view names, std::string& value, std::span<const std::string_view>,
              std::string_view help) override {
    line(names, quoted(value), help);
  }
  const std::string& result() const { return text_; }

 private:
  static std::string quoted(const std::string& value) {
    std::string out = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  }
  void line(std::string_view names, const std::string& value, std::string_view help) {
    text_ += fmt::format("# {}\n{} = {}\n", help, first_name(names), value);
  }

  std::string text_;
};

}  // namespace

void CliBinder::flag(std::string_view names, bool& value, std::string_view help) {
  // CLI11 sets a flag named with "!" to false.
  app_.add_flag(long_flags(names) + "," + long_flags(names, "!--no-"), value,
                fmt::format("{} (--no-{} turns it off; default {})", help, first_name(names), value ? "on" : "off"))
      ->group(group_);
}

void CliBinder::integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) {
  app_.add_option(long_flags(names), value, std::string(help))
      ->check(range(low, high))
      ->capture_default_str()
      ->option_text(fmt::format("N [{}]", value))
      ->group(group_);
}

void CliBinder::number(std::string_view names, double& value, double low, double high, std::string_view help) {
  app_.add_option(long_flags(names), value, std::string(help))
      ->check(range(low, high))
      ->option_text(std::isfinite(value) ? fmt::format("X [{}]", value) : "X")
      ->group(group_);
}

void CliBinder::text(std::string_view names, std::string& value, std::string_view kind, std::string_view help) {
  CLI::Option* const option = app_.add_option(long_flags(names), value, std::string(help))
                                  ->option_text(value.empty() ? std::string(kind) : fmt::format("{} [{}]", kind, value))
                                  ->group(group_);
  // A list may be given in several flags.
  if (kind.ends_with("…")) option->join(';');
}

void CliBinder::choice(std::string_view names, std::string& value, std::span<const std::string_view> choices,
                       std::string_view help) {
  const std::vector<std::string> words(choices.begin(), choices.end());
  const std::string list = fmt::format("{}", fmt::join(words, "|"));
  const CLI::Validator one_of(
      [words, list](std::string& text) -> std::string {
        for (const std::string& word : words) {
          if (word == text) return {};
        }
        return fmt::format("{} is not one of {}", text, list);
      },
      "");
  app_.add_option(long_flags(names), value, std::string(help))
      ->check(one_of)
      ->option_text(fmt::format("{} [{}]", list, value))
      ->group(group_);
}

std::string to_toml(AnimateOptions& options) {
  TomlWriter writer;
  writer.heading("Motion");
  options.motion.describe(writer);
  writer.heading("Source");
  options.crop.describe(writer);
  writer.heading("Driving clip");
  options.driving.describe(writer);
  writer.heading("Output");
  options.output.describe(writer);
  writer.heading("Runtime");
  options.runtime.describe(writer);
  for (const auto& family : options.families) {
    writer.heading(fmt::format("Model family {}", family->family()));
    family->describe(writer);
  }
  return writer.result();
}

}  // namespace animate::cli
