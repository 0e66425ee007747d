#include "cli/arguments.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

namespace animate::cli {
namespace {

const std::map<std::string_view, std::string_view> kRenamed = {
    {"--source-image", "--source"},  {"--driving-video", "--driving"}, {"--result-video", "--output"},
    {"--checkpoint", "--model"},     {"--best-frame", "--reference"},  {"--output-dir", "--output"},
    {"--audio-priority", "--audio"},
};

// LivePortrait's switches by their names without "--flag-" or "--no-flag-": what stands for them here, on and off.
// Nothing in a list: the switch means nothing here and is passed over.
struct Switch {
  std::vector<std::string> on;
  std::vector<std::string> off;
};
const std::map<std::string_view, Switch> kFlags = {
    {"pasteback", {{"--paste-back=on"}, {"--paste-back=off"}}},
    {"do-crop", {{"--crop=auto"}, {"--crop=none"}}},
    {"do-rot", {{"--rotation"}, {"--no-rotation"}}},
    {"relative-motion", {{"--relative"}, {"--no-relative"}}},
    {"crop-driving-video", {{"--crop-driving"}, {"--no-crop-driving"}}},
    {"use-half-precision", {{"--half"}, {"--no-half"}}},
    {"force-cpu", {{"--device", "cpu"}, {}}},
    {"do-torch-compile", {{}, {}}},
};

// "--flag-relative-motion" and the like; nullopt for other words.
std::optional<std::vector<std::string>> published_switch(std::string_view name) {
  const bool off = name.starts_with("--no-flag-");
  if (!off && !name.starts_with("--flag-")) return std::nullopt;
  const std::string_view bare = name.substr(off ? 10 : 7);
  if (const auto known = kFlags.find(bare); known != kFlags.end()) return off ? known->second.off : known->second.on;
  return std::vector<std::string>{(off ? "--no-" : "--") + std::string(bare)};
}

// "--paste-back" alone means on, and "--no-paste-back" off.
bool is_switch_word(std::string_view word) { return word == "on" || word == "off" || word == "auto"; }

const std::set<std::string_view> kTakesPath = {"-s", "--source", "-d",       "--driving", "-o",      "--output",
                                               "-m", "--model",  "--config", "--audio",   "--report"};

bool is_flag(std::string_view word, const std::set<std::string>& known) {
  return word.size() > 1 && word[0] == '-' && known.contains(std::string(word.substr(0, word.find('='))));
}

// "--Some_flag=value" -> ("--some-flag", "=value"); values keep their underscores.
std::pair<std::string, std::string> split(const std::string& word) {
  if (!word.starts_with("--")) return {word, ""};
  const size_t equals = std::min(word.find('='), word.size());
  std::string name = word.substr(0, equals);
  std::replace(name.begin(), name.end(), '_', '-');
  return {name, word.substr(equals)};
}

// `animate template -d clip.mp4 -o clip.motion` is older than the tools below `template`.
void insert_template_make(std::vector<std::string>& arguments) {
  static const std::set<std::string_view> before = {"-v", "-q", "--verbose", "--quiet"};
  size_t at = 0;
  while (at < arguments.size() && before.contains(arguments[at])) ++at;
  if (at + 1 >= arguments.size() || arguments[at] != "template") return;
  const std::string& next = arguments[at + 1];
  if (!next.starts_with("-") || next == "--help" || next == "-h") return;
  arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, "make");
}

}  // namespace

std::vector<std::string> normalise_arguments(std::vector<std::string> arguments, const std::set<std::string>& known) {
  insert_template_make(arguments);
  std::vector<std::string> result;
  for (size_t i = 0; i < arguments.size(); ++i) {
    auto [name, value] = split(arguments[i]);
    if (name == "--") {
      result.insert(result.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (const auto renamed = kRenamed.find(name); renamed != kRenamed.end()) name = renamed->second;
    if (name == "--find-best-frame") {
      result.insert(result.end(), {"--reference", "auto"});
      continue;
    }
    if (auto published = published_switch(name); published && value.empty()) {
      result.insert(result.end(), published->begin(), published->end());
      continue;
    }
    if (name == "--no-paste-back" || name == "--no-pasteback") {
      result.emplace_back("--paste-back=off");
      continue;
    }
    if (name == "--device-id") {
      const std::string number = !value.empty() ? value.substr(1) : i + 1 < arguments.size() ? arguments[++i] : "";
      result.insert(result.end(), {"--device", "cuda:" + number});
      continue;
    }
    if (name == "--cpu") {
      result.insert(result.end(), {"--device", "cpu"});
      continue;
    }
    const bool separate = value.empty() && i + 1 < arguments.size();
    const std::string next = separate ? arguments[i + 1] : std::string();
    if ((name == "--paste-back" || name == "--pasteback") && value.empty() && !is_switch_word(next)) {
      name = "--paste-back";
      value = "=on";
    } else if (name == "--audio" && value.empty() && (!separate || is_flag(split(next).first, known))) {
      value = "=driving";
    } else if (name == "--preset" && (value.ends_with(".toml") || next.ends_with(".toml"))) {
      name = "--preset-file";
    } else if (kTakesPath.contains(name) && separate && next.starts_with("-") && !is_flag(split(next).first, known)) {
      // The short forms take no "=".
      static const std::map<std::string_view, std::string> long_form = {
          {"-s", "--source"}, {"-d", "--driving"}, {"-o", "--output"}, {"-m", "--model"}};
      if (const auto found = long_form.find(name); found != long_form.end()) name = found->second;
      value = "=" + next;
      ++i;
    }
    result.push_back(name + value);
  }
  return result;
}

}  // namespace animate::cli
