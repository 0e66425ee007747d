#include "evaluate/tally.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace animate::evaluate {

void Tally::begin(std::string item) { items_.push_back(std::move(item)); }

void Tally::add(std::string_view figure, double value) {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const FigureKind& k) { return k.name == figure; });
  check(kind != kinds_.end() && !items_.empty(), ErrorKind::Internal, "figure {} has no place in the report", figure);
  Sum& sum = sums_[static_cast<size_t>(kind - kinds_.begin())][items_.size() - 1];
  sum.sum += value;
  ++sum.count;
}

EvaluatedPart Tally::finish(std::string name, std::string what) const {
  EvaluatedPart part{std::move(name), std::move(what), {}, {}};
  for (const std::string& item : items_) part.items.push_back({item, {}});
  for (size_t k = 0; k < kinds_.size(); ++k) {
    const FigureKind& kind = kinds_[k];
    Sum all;
    for (const auto& [item, sum] : sums_[k]) {
      all.sum += sum.sum;
      all.count += sum.count;
      part.items[item].second[kind.name] = sum.sum / static_cast<double>(sum.count);
    }
    if (all.count == 0) continue;
    const double mean = all.sum / static_cast<double>(all.count);
    double variance = 0;
    for (const auto& [item, sum] : sums_[k]) {
      const double share = static_cast<double>(sum.count) / static_cast<double>(all.count);
      variance += std::pow(share * (sum.sum / static_cast<double>(sum.count) - mean), 2);
    }
    const auto groups = static_cast<double>(sums_[k].size());
    const double margin = groups < 2 || !std::isfinite(mean) ? std::numeric_limits<double>::quiet_NaN()
                                                             : 1.96 * std::sqrt(variance * groups / (groups - 1));
    part.figures.push_back({kind.name, kind.title, kind.unit, kind.decimals, mean, margin, all.count});
  }
  return part;
}

}  // namespace animate::evaluate
