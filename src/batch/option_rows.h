#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "animate/options.h"

namespace animate::batch {

// One option as describe() tells it, with the place where its value lies.
struct OptionRow {
  std::vector<std::string> names;  // long flags without dashes; the first is the one that is shown
  std::variant<bool*, int64_t*, double*, std::string*> value;
  double low = 0;
  double high = 0;
  std::vector<std::string> choices;  // empty: any text
};

// Every option of `options`, in a fixed order. The rows point into it.
std::vector<OptionRow> rows_of(AnimateOptions& options);

// A copy that shares nothing: AnimateOptions itself shares its families' options.
AnimateOptions independent_copy(const AnimateOptions& options);

// Sets the option that is called `name` (- and _ alike). Throws Error(Usage) with a sentence that begins with the name:
// unknown (the nearest is suggested), of the wrong type, out of range.
void set_option(AnimateOptions& options, const std::string& name, const nlohmann::json& value);

// The options that differ from their defaults: name -> value. What a result depends on, together with its files.
nlohmann::json changed_options(const AnimateOptions& options);

// The options that a model reads while it is loaded, as text: jobs with equal texts can share a loaded model.
std::string loading_options(const AnimateOptions& options);

// The options that reading a driver's motion may depend on, as text: jobs with equal texts can share it.
std::string motion_options(const AnimateOptions& options);

}  // namespace animate::batch
