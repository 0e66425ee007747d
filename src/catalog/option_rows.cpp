#include "catalog/option_rows.h"

#include <algorithm>

namespace animate::catalog {
namespace {

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> result;
  for (size_t at = 0; at <= names.size();) {
    const size_t comma = std::min(names.find(',', at), names.size());
    result.emplace_back(names.substr(at, comma - at));
    at = comma + 1;
  }
  return result;
}

// The groups of an animation's options: this is the one list of them.
template <typename Visit>
void visit_common(AnimateOptions& options, const Visit& visit) {
  visit("Motion", options.motion);
  visit("Source", options.crop);
  visit("Driving clip", options.driving);
  visit("Output", options.output);
  visit(kIdleGroup, options.idle);
  visit(kMorphGroup, options.morph);
  visit("Runtime", options.runtime);
}

template <typename Visit>
void visit_families(AnimateOptions& options, const Visit& visit) {
  visit("Model family fomm", options.fomm);
  visit("Model family liveportrait", options.liveportrait);
}

auto collect_into(std::vector<OptionRow>& rows) {
  return [&rows](const char* group, auto& options) {
    RowCollector collector(rows, group);
    options.describe(collector);
  };
}

void leave_out(std::vector<OptionRow>& rows, std::string_view group) {
  std::erase_if(rows, [group](const OptionRow& row) { return row.group == group; });
}

}  // namespace

void RowCollector::flag(std::string_view names, bool& value, std::string_view help) {
  rows_.push_back({group_, split_names(names), &value, 0, 0, {}, std::string(help)});
}

void RowCollector::integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) {
  rows_.push_back(
      {group_, split_names(names), &value, static_cast<double>(low), static_cast<double>(high), {}, std::string(help)});
}

void RowCollector::number(std::string_view names, double& value, double low, double high, std::string_view help) {
  rows_.push_back({group_, split_names(names), &value, low, high, {}, std::string(help)});
}

void RowCollector::seconds(std::string_view names, double& value, double low, double high, std::string_view help) {
  rows_.push_back({group_, split_names(names), &value, low, high, std::string(kTime), std::string(help)});
}

void RowCollector::field(std::string_view names, const TextField& value, std::string_view kind, std::string_view help) {
  rows_.push_back({group_, split_names(names), value, 0, 0, std::string(kind), std::string(help)});
}

std::vector<OptionRow> rows_of(AnimateOptions& options) {
  std::vector<OptionRow> rows;
  visit_common(options, collect_into(rows));
  visit_families(options, collect_into(rows));
  return rows;
}

std::vector<OptionRow> driven_rows_of(AnimateOptions& options) {
  auto rows = rows_of(options);
  leave_out(rows, kMorphGroup);
  return rows;
}

std::vector<OptionRow> family_rows_of(AnimateOptions& options) {
  std::vector<OptionRow> rows;
  visit_families(options, collect_into(rows));
  return rows;
}

}  // namespace animate::catalog
