#include "serve/stored_file.h"

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/path_text.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".avif", "image/avif"},
    {".bmp", "image/bmp"},
    {".gif", "image/gif"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".json", "application/json"},
    {".m4v", "video/mp4"},
    {".mkv", "video/x-matroska"},
    {".mov", "video/quicktime"},
    {".mp4", "video/mp4"},
    {".png", "image/png"},
    {".webm", "video/webm"},
    {".webp", "image/webp"},
});

Json box_json(const FaceBox& box) { return {{"x", box.x}, {"y", box.y}, {"width", box.width}, {"height", box.height}}; }

FaceBox box_of(const Json& json) { return {json.at("x"), json.at("y"), json.at("width"), json.at("height")}; }

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <typename T>
std::optional<T> optional_of(const Json& json, const char* name) {
  return json.contains(name) && !json.at(name).is_null() ? std::optional<T>(json.at(name).get<T>()) : std::nullopt;
}

}  // namespace

int64_t seconds_since_1970() { return static_cast<int64_t>(std::time(nullptr)); }

std::string type_of_suffix(const std::string& suffix) {
  for (const auto& [known_suffix, type] : kTypes) {
    if (suffix == known_suffix) return std::string(type);
  }
  return "application/octet-stream";
}

std::string shown_name(const std::string& name) {
  std::string shown;
  for (const char c : name.substr(name.find_last_of("/\\") + 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '"') shown += c;
  }
  if (!is_utf8(shown)) {
    for (char& c : shown) c = static_cast<unsigned char>(c) < 0x80 ? c : '_';
  }
  shown = last_bytes(shown, 120);
  return shown.empty() || shown == "." || shown == ".." ? "file" : shown;
}

Json shown_json(const StoredFile& file) {
  const FileFacts& facts = file.facts;
  Json faces = Json::array();
  for (const SeenFace& seen : facts.faces)
    faces.push_back({{"face", box_json(seen.face)}, {"head", box_json(seen.head)}});
  Json json{{"id", file.id},
            {"name", file.name},
            {"kind", facts.kind},
            {"bytes", file.bytes},
            {"created", file.created},
            {"type", type_of_suffix(facts.suffix)},
            {"width", facts.width},
            {"height", facts.height},
            {"seconds", or_null(facts.seconds)},
            {"frames", or_null(facts.frames)},
            {"has_sound", facts.has_sound}};
  if (facts.kind == "template") json["family"] = facts.family;
  json["faces"] = std::move(faces);
  return json;
}

Json to_json(const StoredFile& file) {
  Json json = shown_json(file);
  json["owner"] = file.owner;
  json["suffix"] = file.facts.suffix;
  json["family"] = file.facts.family;
  return json;
}

std::optional<StoredFile> file_from_json(const Json& json) {
  try {
    StoredFile file;
    file.id = json.at("id");
    file.owner = json.at("owner");
    file.name = json.at("name");
    file.bytes = json.at("bytes");
    file.created = json.at("created");
    FileFacts& facts = file.facts;
    facts.kind = json.at("kind");
    facts.suffix = json.at("suffix");
    facts.width = json.at("width");
    facts.height = json.at("height");
    facts.seconds = optional_of<double>(json, "seconds");
    facts.frames = optional_of<int64_t>(json, "frames");
    facts.has_sound = json.at("has_sound");
    facts.family = json.at("family");
    for (const Json& face : json.at("faces")) facts.faces.push_back({box_of(face.at("face")), box_of(face.at("head"))});
    return file;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace animate::serve
