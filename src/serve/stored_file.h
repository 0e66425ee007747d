#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "animate/picture_reader.h"

namespace animate::serve {

// What an uploaded file is, by its content.
struct FileFacts {
  std::string kind;    // "picture", "video", "sound", "template"
  std::string suffix;  // ".png": of the stored file
  int64_t width = 0;   // pixels as shown; 0: not known, or none
  int64_t height = 0;
  std::optional<double> seconds;
  std::optional<int64_t> frames;  // by the header
  bool has_sound = false;
  std::string family;           // of a template's model
  std::vector<SeenFace> faces;  // of the picture, or a video's first frame; largest first
};

struct StoredFile {
  std::string id;
  std::string owner;
  std::string name;  // as people call it; never part of a path
  uint64_t bytes = 0;
  int64_t created = 0;  // seconds since 1970
  FileFacts facts;
};

// What is kept in about.json; from_json gives nullopt for what is not such a document.
nlohmann::ordered_json to_json(const StoredFile& file);
std::optional<StoredFile> file_from_json(const nlohmann::ordered_json& json);
// What a client sees: no owner.
nlohmann::ordered_json shown_json(const StoredFile& file);

// "image/png" for ".png"; "application/octet-stream" for what a browser does not show.
std::string type_of_suffix(const std::string& suffix);

// A name that people gave, fit to be shown and to be proposed for a download: its last part, without control
// characters, at most 120 bytes; "file" where nothing is left.
std::string shown_name(const std::string& name);

int64_t seconds_since_1970();

}  // namespace animate::serve
