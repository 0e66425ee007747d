#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "animate/options.h"

namespace animate::catalog {

inline constexpr std::string_view kTime = "TIME";

// The groups of options that only some jobs have.
inline constexpr const char* kIdleGroup = "Without a driver (--idle)";
inline constexpr const char* kMorphGroup = "Morph";

// One option as describe() tells it, with the place where its value lies. Flags, presets, reports and manifests are all
// made from these rows.
struct OptionRow {
  std::string group;               // heading in --help
  std::vector<std::string> names;  // long flags without dashes; the first is the one that is shown
  std::variant<bool*, int64_t*, double*, TextField> value;
  double low = 0;  // of numbers
  double high = 0;
  std::string kind;  // of texts: what stands for the value in --help; of seconds: kTime
  std::string help;

  const std::string& name() const { return names.front(); }
};

// Collects rows, all in one group.
class RowCollector : public OptionVisitor {
 public:
  RowCollector(std::vector<OptionRow>& rows, std::string group) : rows_(rows), group_(std::move(group)) {}

  void flag(std::string_view names, bool& value, std::string_view help) override;
  void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) override;
  void number(std::string_view names, double& value, double low, double high, std::string_view help) override;
  void seconds(std::string_view names, double& value, double low, double high, std::string_view help) override;
  void field(std::string_view names, const TextField& value, std::string_view kind, std::string_view help) override;

 private:
  std::vector<OptionRow>& rows_;
  std::string group_;
};

// The rows of any struct with a describe(). They point into `options`.
template <typename Options>
std::vector<OptionRow> rows_of(Options& options, std::string group = {}) {
  std::vector<OptionRow> rows;
  RowCollector collector(rows, std::move(group));
  options.describe(collector);
  return rows;
}

// Every option of an animation, in the order of --help.
std::vector<OptionRow> rows_of(AnimateOptions& options);
// Those of a job with a driver: all but the morph's.
std::vector<OptionRow> driven_rows_of(AnimateOptions& options);
// Those of the model families alone.
std::vector<OptionRow> family_rows_of(AnimateOptions& options);

}  // namespace animate::catalog
