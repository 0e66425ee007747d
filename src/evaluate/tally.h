#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "animate/evaluator.h"

namespace animate::evaluate {

struct FigureKind {
  const char* name;   // in report.json
  const char* title;  // in the table
  const char* unit;
  int decimals;
};

// Collects numbers by item (an identity, a clip) and figure. Plain data, not thread-safe.
class Tally {
 public:
  // `kinds` in the order of the table's columns; must outlive the tally.
  explicit Tally(std::span<const FigureKind> kinds) : kinds_(kinds), sums_(kinds.size()) {}

  // What is added from here on belongs to this item.
  void begin(std::string item);
  // `figure` must be one of the kinds.
  void add(std::string_view figure, double value);

  // Figures that got at least one number. The mean is over all numbers; its 95 % interval is 1.96 standard errors,
  // which come from the items, not from their numbers, because pictures of one item are alike (ratio estimator:
  // variance = C / (C - 1) sum_c (n_c / N)^2 (mean_c - mean)^2).
  EvaluatedPart finish(std::string name, std::string what) const;

 private:
  struct Sum {
    double sum = 0;
    int64_t count = 0;
  };

  std::span<const FigureKind> kinds_;
  std::vector<std::string> items_;
  std::vector<std::map<size_t, Sum>> sums_;  // kind -> item
};

}  // namespace animate::evaluate
