#include "report/changed_options.h"

#include <string>
#include <utility>
#include <vector>

namespace animate {
namespace {

using Json = nlohmann::ordered_json;

// Every row's first name and value. Changes nothing.
class Values : public OptionVisitor {
 public:
  void flag(std::string_view names, bool& value, std::string_view) override { add(names, value); }
  void integer(std::string_view names, int64_t& value, int64_t, int64_t, std::string_view) override {
    add(names, value);
  }
  void number(std::string_view names, double& value, double, double, std::string_view) override { add(names, value); }
  void text(std::string_view names, std::string& value, std::string_view, std::string_view) override {
    add(names, value);
  }
  void choice(std::string_view names, std::string& value, std::span<const std::string_view>,
              std::string_view) override {
    add(names, value);
  }

  const std::vector<std::pair<std::string, Json>>& rows() const { return rows_; }

 private:
  void add(std::string_view names, Json value) {
    rows_.emplace_back(names.substr(0, names.find(',')), std::move(value));
  }

  std::vector<std::pair<std::string, Json>> rows_;
};

std::vector<std::pair<std::string, Json>> values_of(AnimateOptions options) {
  Values values;
  options.motion.describe(values);
  options.crop.describe(values);
  options.driving.describe(values);
  options.output.describe(values);
  options.runtime.describe(values);
  for (const auto& family : options.families) family->describe(values);
  return values.rows();
}

}  // namespace

nlohmann::ordered_json changed_options(const AnimateOptions& options) {
  const auto given = values_of(options);
  const auto defaults = values_of(AnimateOptions());
  Json changed = Json::object();
  for (size_t i = 0; i < given.size(); ++i) {
    if (i >= defaults.size() || given[i] != defaults[i]) changed[given[i].first] = given[i].second;
  }
  // Not a row of its own: with --preset it is the encoder's, else a file's.
  if (!options.output.encoder_preset.empty()) changed["encoder-preset"] = options.output.encoder_preset;
  return changed;
}

}  // namespace animate
