#include "serve/preset_store.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/nearest.h"
#include "motion/edit_controls.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/stored_file.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void check_slider(const std::string& name, double value) {
  std::vector<std::string> names;
  for (const motion::EditControl& control : motion::edit_controls()) {
    if (control.name == name) {
      if (value >= control.low && value <= control.high) return;
      throw Refusal(422,
                    fmt::format("sliders: {} {} does not lie from {} to {}", name, value, control.low, control.high));
    }
    names.emplace_back(control.name);
  }
  const std::string hint = nearest(name, names);
  throw Refusal(422, hint.empty() ? fmt::format("sliders: there is no slider {}; GET /api/v1/options lists them", name)
                                  : fmt::format("sliders: there is no slider {}; did you mean {}?", name, hint));
}

Json to_json(const Preset& preset) {
  Json json = shown_json(preset);
  json["owner"] = preset.owner;
  return json;
}

std::optional<Preset> preset_from_json(const Json& json) {
  try {
    return Preset{
        json.at("id"),      json.at("owner"),
        json.at("name"),    json.at("created"),
        json.at("sliders"), json.at("source").is_null() ? std::string() : json.at("source").get<std::string>()};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Json shown_json(const Preset& preset) {
  return {{"id", preset.id},
          {"name", preset.name},
          {"created", preset.created},
          {"sliders", preset.sliders},
          {"source", preset.source.empty() ? Json() : Json(preset.source)}};
}

PresetStore::PresetStore(const fs::path& data, DiskSpace& space, size_t most)
    : folder_(data / "presets"), space_(space), most_(most) {
  make_data_folder(folder_);
  std::error_code ec;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(folder_, ec), end; !ec && entry != end; entry.increment(ec)) {
    const auto json = read_json(entry->path());
    auto preset = json ? preset_from_json(*json) : std::nullopt;
    if (preset && is_id(preset->id) && file_of(preset->id) == entry->path()) {
      presets_[preset->id] = std::move(*preset);
    } else {
      leftovers.push_back(entry->path());  // half-written when the server was killed
    }
  }
  for (const fs::path& path : leftovers) fs::remove(path, ec);
}

Preset PresetStore::parse(const nlohmann::json& request, const std::string& owner) {
  if (!request.is_object())
    throw Refusal(400, "a preset is a JSON object, as in {\"name\": \"smile\", \"sliders\": {…}}");
  Preset preset;
  preset.owner = owner;
  const std::string name = text_member(request, "name");
  if (name.empty()) throw Refusal(422, "name is missing; give the preset one");
  preset.name = shown_name(name);
  const auto sliders = request.value("sliders", nlohmann::json());
  if (!sliders.is_object() || sliders.empty()) {
    throw Refusal(422, "sliders: nothing is set; write {\"smile\": 0.6, …}");
  }
  for (const auto& [slider, value] : sliders.items()) {
    if (!value.is_number()) throw Refusal(422, fmt::format("sliders: {} has no number", slider));
    check_slider(slider, value.get<double>());
    preset.sliders[slider] = value.get<double>();
  }
  preset.source = text_member(request, "source");
  return preset;
}

Preset PresetStore::add(Preset preset) {
  space_.check_room();
  preset.id = new_id();
  preset.created = seconds_since_1970();
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> same;
  size_t count = 0;
  for (const auto& [id, known] : presets_) {
    if (known.owner != preset.owner) continue;
    ++count;
    if (known.name == preset.name) same.push_back(id);
  }
  if (count - same.size() >= most_)
    throw Refusal(429, "as many presets as may be are stored already; delete some first");
  write_json(file_of(preset.id), to_json(preset));
  std::error_code ec;
  space_.count(fs::file_size(file_of(preset.id), ec));
  for (const std::string& id : same) forget(id);
  presets_[preset.id] = preset;
  return preset;
}

std::vector<Preset> PresetStore::list(const std::string& owner) const {
  std::vector<Preset> presets;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, preset] : presets_) {
      if (preset.owner == owner) presets.push_back(preset);
    }
  }
  std::sort(presets.begin(), presets.end(), [](const Preset& a, const Preset& b) { return a.name < b.name; });
  return presets;
}

void PresetStore::remove(const std::string& id, const std::string& owner) {
  const std::scoped_lock lock(mutex_);
  const auto found = presets_.find(id);
  if (found == presets_.end() || found->second.owner != owner) {
    throw Refusal(404, "no such preset is here; GET /api/v1/presets lists them");
  }
  forget(id);
}

void PresetStore::forget(const std::string& id) {
  std::error_code ec;
  const auto bytes = fs::file_size(file_of(id), ec);
  if (!ec) space_.give_back(bytes);
  fs::remove(file_of(id), ec);
  presets_.erase(id);
}

}  // namespace animate::serve
