#pragma once

#include <span>
#include <string_view>

namespace animate::fomm {

enum class KeyType { Section, Bool, Int, Float, String, List, Any };

struct SchemaKey {
  std::string_view path;  // "model_params.common_params.num_kp"
  KeyType type;
};

// Every key of the published YAML schema (FOMM, spec section 1.1), for telling a typing error from a setting.
std::span<const SchemaKey> config_schema();

// What a value of this type is called in a message.
std::string_view name_of(KeyType type);

}  // namespace animate::fomm
