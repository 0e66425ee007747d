#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "animate/options.h"
#include "catalog/option_rows.h"

namespace animate::cli {

// Turns an option's row into a flag of `app`, in the row's group of --help. Flags of type bool also get a --no- form;
// lists may be given several times and are joined by ";". Where the row points must outlive the parse.
CLI::Option* bind_option(CLI::App& app, const catalog::OptionRow& row);

// The row of that first name. Throws Error(Internal) when there is none.
const catalog::OptionRow& row_of(const std::vector<catalog::OptionRow>& rows, std::string_view name);

// The rows as TOML, with their values: what --print-config shows and --preset FILE reads.
std::string to_toml(const std::vector<catalog::OptionRow>& rows);

}  // namespace animate::cli
