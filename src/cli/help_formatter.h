#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace animate::cli {

// --help as CLI11 lays it out, but a switch is called --[no-]relative, and one empty line lies between groups.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace animate::cli
