#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace animate::models {

// What the families' YAML configs share: a bounded read, a check against the published schema, and sections whose
// values carry the sentences for what is absent or out of range. Everything throws Error(Model) naming file and key.

enum class KeyType { Section, Bool, Int, Float, String, List, Any };

struct SchemaKey {
  std::string_view path;  // "model_params.common_params.num_kp"
  KeyType type;
};

// The text of a config file; throws Error(Input) for a file that is absent, a failed download, or too large.
std::string read_config_text(const std::filesystem::path& path);

// Compares a whole document with the schema: another type is an error, an unknown name a warning.
void check_against_schema(const YAML::Node& root, std::span<const SchemaKey> schema, const std::string& shown,
                          std::vector<std::string>* warnings);

// Runs `read` on the parsed document; what yaml-cpp throws becomes one sentence with the line.
template <typename Read>
decltype(auto) parse_yaml(const std::string& text, const std::string& shown, Read&& read) {
  try {
    return read(YAML::Load(text));
  } catch (const YAML::Exception& e) {
    fail(ErrorKind::Model, "{}: is not valid YAML (line {}: {}); correct the config", shown, e.mark.line + 1, e.msg);
  }
}

// One section of the document, with the sentences for what is absent or out of range.
class YamlSection {
 public:
  // `path` is dotted; `family` completes "give the config of a … model".
  YamlSection(const YAML::Node& root, std::string path, std::string shown, std::string family);

  bool present() const { return node_.IsDefined() && node_.IsMap(); }

  // Without a fallback the key must be there.
  template <typename T>
  T get(const std::string& key, std::optional<T> fallback = std::nullopt) const {
    const YAML::Node value = present() ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
    if (value.IsDefined() && !value.IsNull()) return value.as<T>();
    check(fallback.has_value(), ErrorKind::Model, "{}: '{}.{}' is missing; give the config of a {} model", shown_,
          path_, key, family_);
    return *fallback;
  }

  int64_t whole(const std::string& key, int64_t low, int64_t high,
                std::optional<int64_t> fallback = std::nullopt) const;
  double positive(const std::string& key, double high, std::optional<double> fallback = std::nullopt) const;

 private:
  std::string path_;
  std::string shown_;
  std::string family_;
  YAML::Node node_;
};

}  // namespace animate::models
