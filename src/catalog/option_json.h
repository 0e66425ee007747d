#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "catalog/option_rows.h"

namespace animate::catalog {

// A row's value: true, a number, or its text.
nlohmann::ordered_json json_of(const OptionRow& row);

// Sets the option that is called `name` (- and _ alike). Throws Error(Usage) with a sentence that begins with the name:
// unknown (the nearest is suggested), of the wrong type, out of range; or with the sentence of the value's own grammar.
void set_option(AnimateOptions& options, const std::string& name, const nlohmann::json& value);

// The same for a row at hand, which is called `name` in the sentence.
void set_row(const OptionRow& row, const std::string& name, const nlohmann::json& value);

// Name -> value of every option that differs from its default, under the names that the command line and
// --print-config have, in their order. What a result depends on, together with its files.
nlohmann::ordered_json changed_options(const AnimateOptions& options);

// The same of any rows, beside those of a default value.
nlohmann::ordered_json changed_rows(const std::vector<OptionRow>& rows, const std::vector<OptionRow>& defaults);

}  // namespace animate::catalog
