#include "serve/option_list.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "catalog/option_json.h"
#include "catalog/option_rows.h"
#include "motion/edit_controls.h"
#include "serve/ids.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFamilyGroup = "Model family ";

// Where and how the networks run is settled once, for all clients; a result of the server's is never in anyone's way,
// and nobody names files that it writes.
bool settled_by_server(const catalog::OptionRow& row) {
  return row.group == "Runtime" || row.name() == "overwrite" || row.name() == "grid";
}

// "driving|source|none|FILE" names a file by its last word.
std::vector<std::string> alternatives(const std::string& kind) {
  std::vector<std::string> words;
  for (size_t at = 0; at <= kind.size();) {
    const size_t bar = std::min(kind.find('|', at), kind.size());
    words.push_back(kind.substr(at, bar - at));
    at = bar + 1;
  }
  return words;
}

bool takes_file(const catalog::OptionRow& row) { return row.kind.find("FILE") != std::string::npos; }

struct TypeOf {
  const catalog::OptionRow& row;
  std::string operator()(bool*) const { return "boolean"; }
  std::string operator()(int64_t*) const { return "integer"; }
  std::string operator()(double*) const { return row.kind == catalog::kTime ? "seconds" : "number"; }
  std::string operator()(const TextField& field) const { return field.choices().empty() ? "text" : "choice"; }
};

Json finite(const Json& value) {
  return value.is_number_float() && !std::isfinite(value.get<double>()) ? Json() : value;
}

Json describe(const catalog::OptionRow& row) {
  Json json{{"name", row.name()}, {"group", row.group}, {"type", std::visit(TypeOf{row}, row.value)}};
  if (row.group.starts_with(kFamilyGroup)) json["family"] = row.group.substr(kFamilyGroup.size());
  if (row.names.size() > 1) json["also"] = std::vector<std::string>(row.names.begin() + 1, row.names.end());
  const std::string type = json["type"];
  if (type == "integer" || type == "number" || type == "seconds") {
    json["low"] = finite(row.low);
    json["high"] = finite(row.high);
  }
  json["default"] = finite(catalog::json_of(row));
  if (const auto* field = std::get_if<TextField>(&row.value); field != nullptr && !field->choices().empty()) {
    json["choices"] = Json::array();
    for (const std::string_view word : field->choices()) json["choices"].push_back(std::string(word));
  }
  if (type == "text") json["kind"] = row.kind;
  json["help"] = row.help;
  json["settable"] = !settled_by_server(row);
  return json;
}

const catalog::OptionRow* row_named(const std::vector<catalog::OptionRow>& rows, std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  for (const catalog::OptionRow& row : rows) {
    if (std::find(row.names.begin(), row.names.end(), name) != row.names.end()) return &row;
  }
  return nullptr;
}

}  // namespace

Json list_options(const AnimateOptions& defaults) {
  AnimateOptions mine = defaults;
  Json list = Json::array();
  for (const catalog::OptionRow& row : catalog::rows_of(mine)) list.push_back(describe(row));
  return list;
}

std::vector<catalog::OptionRow> rows_of_kind(std::string_view kind, KindOptions& options) {
  if (kind == "faces") return catalog::rows_of(options.faces, "Faces");
  if (kind != "dream") return {};
  auto rows = catalog::rows_of(options.dream, "Dream");
  std::erase_if(rows, takes_file);
  return rows;
}

Json list_own_options(std::string_view kind) {
  Json list = Json::array();
  KindOptions options;
  for (const catalog::OptionRow& row : rows_of_kind(kind, options)) list.push_back(describe(row));
  return list;
}

Json list_sliders() {
  Json list = Json::array();
  for (const motion::EditControl& control : motion::edit_controls()) {
    list.push_back({{"name", std::string(control.name)},
                    {"low", control.low},
                    {"high", control.high},
                    {"neutral", control.neutral ? Json(*control.neutral) : Json()},
                    {"help", std::string(control.help)}});
  }
  return list;
}

nlohmann::json set_own_options(const std::vector<catalog::OptionRow>& own, const nlohmann::json& wanted) {
  if (!wanted.is_object()) return wanted;
  nlohmann::json rest = nlohmann::json::object();
  for (const auto& [name, value] : wanted.items()) {
    if (const catalog::OptionRow* row = row_named(own, name); row != nullptr) {
      catalog::set_row(*row, name, value);
    } else {
      rest[name] = value;
    }
  }
  return rest;
}

void set_options(AnimateOptions& options, const nlohmann::json& wanted, const FileLookup& lookup) {
  if (wanted.is_null()) return;
  if (!wanted.is_object()) throw Refusal(422, "options: is no object; write {\"name\": value, …}");
  const auto rows = catalog::rows_of(options);
  for (const auto& [name, value] : wanted.items()) {
    const catalog::OptionRow* row = row_named(rows, name);
    nlohmann::json set = value;
    if (row != nullptr && settled_by_server(*row)) {
      throw Refusal(422, fmt::format("{}: is settled by whoever starts the server; leave it out", name));
    }
    if (row != nullptr && takes_file(*row) && value.is_string() && !value.get<std::string>().empty()) {
      const auto words = alternatives(row->kind);
      const std::string text = value;
      if (std::find(words.begin(), words.end(), text) == words.end() || text.starts_with("FILE")) {
        const auto file = is_id(text) ? lookup(text) : std::nullopt;
        if (!file) throw Refusal(422, fmt::format("{}: is no file of yours; upload it and give its id", name));
        set = file->string();
      }
    }
    catalog::set_option(options, name, set);
  }
}

}  // namespace animate::serve
