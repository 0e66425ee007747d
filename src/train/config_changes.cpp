#include "train/config_changes.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"

namespace animate::train {
namespace {

using Flat = std::map<std::string, std::string>;

void flatten(const YAML::Node& node, const std::string& path, Flat& values) {
  if (node.IsMap()) {
    for (const auto& entry : node) {
      flatten(entry.second, (path.empty() ? "" : path + ".") + entry.first.as<std::string>(), values);
    }
  } else if (node.IsSequence()) {
    std::string list;
    for (const auto& item : node) list += (list.empty() ? "" : ", ") + YAML::Dump(item);
    values[path] = "[" + list + "]";
  } else {
    values[path] = node.IsNull() ? "null" : node.Scalar();
  }
}

Flat flat(const std::string& yaml) {
  Flat values;
  flatten(YAML::Load(yaml), "", values);
  return values;
}

}  // namespace

std::vector<std::string> config_changes(const std::string& before, const std::string& after) {
  const Flat old = flat(before);
  const Flat now = flat(after);
  std::set<std::string> keys;
  for (const auto& [key, value] : old) keys.insert(key);
  for (const auto& [key, value] : now) keys.insert(key);
  std::vector<std::string> changes;
  for (const std::string& key : keys) {
    const auto text = [&key](const Flat& values) {
      const auto found = values.find(key);
      return found == values.end() ? std::string("absent") : found->second;
    };
    if (text(old) != text(now)) changes.push_back(fmt::format("{}: {} -> {}", key, text(old), text(now)));
  }
  return changes;
}

void refuse_changed_config(const std::string& before, const std::string& after, const std::string& shown) {
  auto changes = config_changes(before, after);
  std::erase_if(changes, [](const std::string& change) {
    return change.starts_with("train_params.num_epochs:") || change.starts_with("train_params.checkpoint_freq:");
  });
  check(changes.empty(), ErrorKind::Usage,
        "{}: was trained with another config ({}); resume with that config, or train into another folder", shown,
        fmt::join(changes, "; "));
}

}  // namespace animate::train
