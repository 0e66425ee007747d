#include "cli/outline.h"

#include <algorithm>
#include <cctype>

namespace animate::cli {
namespace {

// "auto|haar|FILE.onnx" -> the three.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// A word that is typed as it stands: "expression-friendly", "auto". "N", "x,y" and "FILE" stand for something.
bool is_literal(const std::string& word) {
  return word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) {
           return std::islower(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                  std::isdigit(static_cast<unsigned char>(c)) != 0;
         });
}

OutlineFlag flag_of(const CLI::Option& option) {
  OutlineFlag flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) {
    const auto& negated = option.get_fnames();
    const bool is_no = std::find(negated.begin(), negated.end(), name) != negated.end();
    (is_no ? flag.no : flag.names).push_back("--" + name);
  }
  flag.positional = flag.names.empty();
  flag.help = option.get_description();
  flag.group = option.get_group();
  if (option.get_items_expected_max() == 0) return flag;
  // bind_options writes "VALUE [DEFAULT]".
  flag.value = option.get_option_text();
  if (const size_t bracket = flag.value.find(" ["); bracket != std::string::npos && flag.value.ends_with("]")) {
    flag.usual = flag.value.substr(bracket + 2, flag.value.size() - bracket - 3);
    flag.value.resize(bracket);
  }
  if (flag.value.empty()) flag.value = "VALUE";
  for (const std::string& word : split(flag.value, '|')) {
    if (is_literal(word)) flag.choices.push_back(word);
    flag.file = flag.file || word.find("FILE") != std::string::npos || word.find("FOLDER") != std::string::npos;
  }
  return flag;
}

}  // namespace

Outline outline_of(const CLI::App& app) {
  Outline outline{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) outline.flags.push_back(flag_of(*option));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App* any) { return !any->get_group().empty(); })) {
    outline.commands.push_back(outline_of(*sub));
  }
  return outline;
}

}  // namespace animate::cli
