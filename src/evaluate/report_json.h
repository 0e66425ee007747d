#pragma once

#include <filesystem>
#include <string>

#include "animate/evaluator.h"

namespace animate::evaluate {

// The report as JSON text: every figure with its mean, its margin (half the 95 % interval), count and unit, and the
// mean of every identity or clip. What is infinite is the text "inf", what is not known null.
std::string to_json(const EvaluateJob& job, const EvaluationReport& report);

// Writes a text file in one go; Error(Input) where that fails.
void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace animate::evaluate
