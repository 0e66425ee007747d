#pragma once

#include <string>

#include "animate/evaluator.h"

namespace animate::cli {

// One table for every part that some model has ("reconstruction", "transfer"): a row a model, a column a figure, means
// with half their 95 % interval; "-" where a model has no such figure.
std::string to_table(const EvaluationReport& report);

}  // namespace animate::cli
