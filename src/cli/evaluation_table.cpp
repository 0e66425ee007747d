#include "cli/evaluation_table.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/text_table.h"

namespace animate::cli {
namespace {

std::string shown(const EvaluatedFigure& figure) {
  if (std::isinf(figure.mean)) return figure.mean > 0 ? "inf" : "-inf";
  const std::string mean = fmt::format("{:.{}f}", figure.mean, figure.decimals);
  return std::isfinite(figure.margin) ? fmt::format("{} ±{:.{}f}", mean, figure.margin, figure.decimals) : mean;
}

template <typename Range>
auto named(Range& range, const std::string& name) {
  return std::find_if(range.begin(), range.end(), [&](const auto& entry) { return entry.name == name; });
}

// Columns in the order in which the models bring them.
std::vector<const EvaluatedFigure*> columns_of(const EvaluationReport& report, const std::string& part) {
  std::vector<const EvaluatedFigure*> columns;
  for (const EvaluatedModel& model : report.models) {
    const auto found = named(model.parts, part);
    if (found == model.parts.end()) continue;
    for (const EvaluatedFigure& figure : found->figures) {
      const bool known = std::any_of(columns.begin(), columns.end(),
                                     [&](const EvaluatedFigure* column) { return column->name == figure.name; });
      if (!known) columns.push_back(&figure);
    }
  }
  return columns;
}

}  // namespace

std::string to_table(const EvaluationReport& report) {
  std::vector<const EvaluatedPart*> parts;
  for (const EvaluatedModel& model : report.models) {
    for (const EvaluatedPart& part : model.parts) {
      const bool known =
          std::any_of(parts.begin(), parts.end(), [&](const EvaluatedPart* other) { return other->name == part.name; });
      if (!known) parts.push_back(&part);
    }
  }
  std::string text;
  for (const EvaluatedPart* part : parts) {
    const auto columns = columns_of(report, part->name);
    std::vector<Cells> rows{{"model"}, {""}};
    for (const EvaluatedFigure* column : columns) {
      rows[0].push_back(column->title);
      rows[1].push_back(column->unit);
    }
    for (const EvaluatedModel& model : report.models) {
      Cells& row = rows.emplace_back(Cells{model.name});
      const auto own = named(model.parts, part->name);
      for (const EvaluatedFigure* column : columns) {
        if (own == model.parts.end()) {
          row.emplace_back("-");
          continue;
        }
        const auto figure = named(own->figures, column->name);
        row.push_back(figure == own->figures.end() ? "-" : shown(*figure));
      }
    }
    text +=
        fmt::format("{}{}: {}; mean ± 95 %\n{}", text.empty() ? "" : "\n", part->name, part->what, aligned_table(rows));
  }
  return text;
}

}  // namespace animate::cli
