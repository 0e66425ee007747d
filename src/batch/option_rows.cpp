#include "batch/option_rows.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/nearest.h"

namespace animate::batch {
namespace {

using nlohmann::json;

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> result;
  for (size_t at = 0; at <= names.size();) {
    const size_t comma = std::min(names.find(',', at), names.size());
    result.emplace_back(names.substr(at, comma - at));
    at = comma + 1;
  }
  return result;
}

class RowCollector : public OptionVisitor {
 public:
  explicit RowCollector(std::vector<OptionRow>& rows) : rows_(rows) {}

  void flag(std::string_view names, bool& value, std::string_view) override {
    rows_.push_back({split_names(names), &value, 0, 0, {}});
  }
  void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view) override {
    rows_.push_back({split_names(names), &value, static_cast<double>(low), static_cast<double>(high), {}});
  }
  void number(std::string_view names, double& value, double low, double high, std::string_view) override {
    rows_.push_back({split_names(names), &value, low, high, {}});
  }
  void text(std::string_view names, std::string& value, std::string_view, std::string_view) override {
    rows_.push_back({split_names(names), &value, 0, 0, {}});
  }
  void choice(std::string_view names, std::string& value, std::span<const std::string_view> choices,
              std::string_view) override {
    rows_.push_back({split_names(names), &value, 0, 0, {choices.begin(), choices.end()}});
  }

 private:
  std::vector<OptionRow>& rows_;
};

// A number that is infinite has no JSON; it is a default nowhere but in --end.
json value_of(const OptionRow& row) {
  return std::visit([](const auto* value) { return json(*value); }, row.value);
}

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
    check(value.is_number() && fits(row, value.get<double>()), ErrorKind::Usage, "{}: {} is not a number {}", name,
          value.dump(), range_text(row));
    *target = value.get<double>();
  }
  void operator()(std::string* target) const {
    // Some texts are often numbers: a frame rate, a reference frame, a face.
    const std::string text = value.is_number_integer() ? value.dump()
                             : value.is_string()       ? value.get<std::string>()
                                                       : "";
    check(value.is_string() || value.is_number_integer(), ErrorKind::Usage, "{}: {} is not a text", name, value.dump());
    check(row.choices.empty() || std::find(row.choices.begin(), row.choices.end(), text) != row.choices.end(),
          ErrorKind::Usage, "{}: {} is not one of {}", name, text, fmt::join(row.choices, "|"));
    *target = text;
  }
};

void append_rows(std::string& text, const std::vector<OptionRow>& rows) {
  for (const OptionRow& row : rows) text += row.names.front() + "=" + value_of(row).dump() + ";";
}

template <typename Options>
std::string text_of(Options& options) {
  std::vector<OptionRow> rows;
  RowCollector collector(rows);
  options.describe(collector);
  std::string text;
  append_rows(text, rows);
  return text;
}

}  // namespace

std::vector<OptionRow> rows_of(AnimateOptions& options) {
  std::vector<OptionRow> rows;
  RowCollector collector(rows);
  options.motion.describe(collector);
  options.crop.describe(collector);
  options.driving.describe(collector);
  options.output.describe(collector);
  // Declared by the command itself, because --preset FILE means something else.
  rows.push_back({{"encoder-preset", "preset"}, &options.output.encoder_preset, 0, 0, {}});
  options.runtime.describe(collector);
  for (const auto& family : options.families) family->describe(collector);
  return rows;
}

AnimateOptions independent_copy(const AnimateOptions& options) {
  AnimateOptions source = options;  // still shares the families, which are only read
  AnimateOptions copy;
  const auto families = copy.families;
  copy = source;
  copy.families = families;
  const auto from = rows_of(source);
  const auto to = rows_of(copy);
  for (size_t i = 0; i < from.size(); ++i) {
    std::visit([&](auto* target) { *target = *std::get<decltype(target)>(from[i].value); }, to[i].value);
  }
  return copy;
}

void set_option(AnimateOptions& options, const std::string& name, const json& value) {
  std::string flag = name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  std::vector<std::string> known = {"source", "driving", "output", "model", "config"};
  for (const OptionRow& row : rows_of(options)) {
    if (std::find(row.names.begin(), row.names.end(), flag) != row.names.end()) {
      std::visit(Setter{row, name, value}, row.value);
      return;
    }
    known.insert(known.end(), row.names.begin(), row.names.end());
  }
  const std::string hint = nearest(flag, known);
  fail(ErrorKind::Usage, "{}: is no option; {}", name,
       hint.empty() ? "`animate --help` lists them" : fmt::format("did you mean {}?", hint));
}

json changed_options(const AnimateOptions& options) {
  AnimateOptions mine = options;
  AnimateOptions defaults;
  const auto rows = rows_of(mine);
  const auto unchanged = rows_of(defaults);
  json changed = json::object();
  for (size_t i = 0; i < rows.size(); ++i) {
    const json value = value_of(rows[i]);
    if (value != value_of(unchanged[i])) changed[rows[i].names.front()] = value;
  }
  return changed;
}

std::string loading_options(const AnimateOptions& options) {
  AnimateOptions mine = options;
  std::string text = text_of(mine.runtime);
  for (const auto& family : mine.families) {
    // LivePortrait's belong to the job, not to the networks.
    if (family->family() != "liveportrait") text += text_of(*family);
  }
  return text;
}

std::string motion_options(const AnimateOptions& options) {
  AnimateOptions mine = options;
  std::string text = text_of(mine.driving);
  for (const auto& family : mine.families) text += text_of(*family);
  return text;
}

}  // namespace animate::batch
