#include "cli/help_formatter.h"

#include <algorithm>

namespace animate::cli {

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
  const auto& negated = option->get_fnames();
  if (is_positional || negated.empty()) return CLI::Formatter::make_option_name(option, is_positional);
  const auto is_negated = [&](const std::string& name) {
    return std::find(negated.begin(), negated.end(), name) != negated.end();
  };
  std::string text;
  for (const std::string& name : option->get_snames()) text += (text.empty() ? "-" : ",-") + name;
  for (const std::string& name : option->get_lnames()) {
    if (!is_negated(name))
      text += (text.empty() ? "--" : ",--") + std::string(is_negated("no-" + name) ? "[no-]" : "") + name;
  }
  return text;
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
  for (size_t at = 0; (at = help.find("\n\n\n", at)) != std::string::npos;) help.erase(at, 1);
  return help;
}

}  // namespace animate::cli
