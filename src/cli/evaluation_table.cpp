#include "cli/evaluation_table.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace animate::cli {
namespace {

using Cells = std::vector<std::string>;

// Characters, not bytes: "±" is one.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

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

std::string aligned(const std::vector<Cells>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      line += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
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
    text += fmt::format("{}{}: {}; mean ± 95 %\n{}", text.empty() ? "" : "\n", part->name, part->what, aligned(rows));
  }
  return text;
}

}  // namespace animate::cli
