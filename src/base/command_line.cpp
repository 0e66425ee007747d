#include "base/command_line.h"

#include <fstream>

namespace animate {
inline namespace base {

std::vector<std::string> command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::string quoted_for_shell(const std::string& word) {
  if (!word.empty() && word.find_first_of(" '\"\\$`!*?;&|<>()[]{}~#\n\t") == std::string::npos) return word;
  std::string quoted = word;
  for (size_t at = 0; (at = quoted.find('\'', at)) != std::string::npos; at += 4) quoted.replace(at, 1, "'\\''");
  return "'" + quoted + "'";
}

std::string shown_command_line() {
  std::string line;
  for (const std::string& word : command_line()) line += (line.empty() ? "" : " ") + quoted_for_shell(word);
  return line;
}

}  // namespace base
}  // namespace animate
