#include "models/yaml_config.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "base/file_kind.h"

namespace animate::models {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 1 << 20;

// What a value of this type is called in a message.
std::string_view name_of(KeyType type) {
  switch (type) {
    case KeyType::Section: return "a section";
    case KeyType::Bool: return "true or false";
    case KeyType::Int: return "a whole number";
    case KeyType::Float: return "a number";
    case KeyType::String: return "a text";
    case KeyType::List: return "a list";
    case KeyType::Any: break;
  }
  return "a value";
}

bool fits(const YAML::Node& node, KeyType type) {
  if (node.IsNull() || type == KeyType::Any) return true;
  switch (type) {
    case KeyType::Section: return node.IsMap();
    case KeyType::List: return node.IsSequence();
    default: break;
  }
  if (!node.IsScalar()) return false;
  bool flag = false;
  int64_t whole = 0;
  double number = 0;
  switch (type) {
    case KeyType::Bool: return YAML::convert<bool>::decode(node, flag);
    case KeyType::Int: return YAML::convert<int64_t>::decode(node, whole);
    case KeyType::Float: return YAML::convert<double>::decode(node, number) && std::isfinite(number);
    default: return true;
  }
}

void check_level(const YAML::Node& node, const std::string& path, std::span<const SchemaKey> schema,
                 const std::string& shown, std::vector<std::string>* warnings) {
  for (const auto& entry : node) {
    if (!entry.first.IsScalar())
      fail(ErrorKind::Model, "{}: a key below '{}' is not a name; correct the config", shown, path);
    const std::string key = (path.empty() ? "" : path + ".") + entry.first.Scalar();
    const auto known = std::find_if(schema.begin(), schema.end(), [&](const SchemaKey& k) { return k.path == key; });
    if (known == schema.end()) {
      if (warnings != nullptr) warnings->push_back(fmt::format("{}: unknown key '{}' is ignored", shown, key));
      continue;
    }
    check(fits(entry.second, known->type), ErrorKind::Model, "{}: '{}' must be {}; correct the config", shown, key,
          name_of(known->type));
    if (known->type == KeyType::Section && entry.second.IsMap()) {
      check_level(entry.second, key, schema, shown, warnings);
    }
  }
}

}  // namespace

std::string read_config_text(const std::filesystem::path& path) {
  require_file(path, "a YAML config");
  refuse_failed_download(path);
  check(std::filesystem::file_size(path) <= kMaxFileBytes, ErrorKind::Model,
        "{}: is too large for a config; give the model's YAML file", show(path));
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void check_against_schema(const YAML::Node& root, std::span<const SchemaKey> schema, const std::string& shown,
                          std::vector<std::string>* warnings) {
  check_level(root, "", schema, shown, warnings);
}

YamlSection::YamlSection(const YAML::Node& root, std::string path, std::string shown, std::string family)
    : path_(std::move(path)), shown_(std::move(shown)), family_(std::move(family)) {
  node_.reset(root);
  for (size_t begin = 0; begin <= path_.size() && present();) {
    const size_t end = std::min(path_.find('.', begin), path_.size());
    const YAML::Node next = static_cast<const YAML::Node&>(node_)[path_.substr(begin, end - begin)];
    // yaml-cpp refuses to reset to what an absent key gives.
    node_.reset(next.IsDefined() ? next : YAML::Node(YAML::NodeType::Undefined));
    begin = end + 1;
  }
}

int64_t YamlSection::whole(const std::string& key, int64_t low, int64_t high, std::optional<int64_t> fallback) const {
  const auto value = get<int64_t>(key, fallback);
  check(value >= low && value <= high, ErrorKind::Model,
        "{}: '{}.{}' is {}, it must lie in {} to {}; correct the config", shown_, path_, key, value, low, high);
  return value;
}

double YamlSection::positive(const std::string& key, double high, std::optional<double> fallback) const {
  const auto value = get<double>(key, fallback);
  check(value > 0 && value <= high, ErrorKind::Model,
        "{}: '{}.{}' is {}, it must be above 0 and at most {}; correct the config", shown_, path_, key, value, high);
  return value;
}

}  // namespace animate::models
