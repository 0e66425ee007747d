#pragma once

#include <filesystem>

#include "media/media_kind.h"

namespace animate::engine {

// What kind of input a path of a job is. Found out once, when the job is checked, and then passed along.
struct Input {
  enum class Kind {
    None,     // no path: a job without a driver
    Picture,  // one picture that does not move
    Clip,     // a video, GIF or APNG, a folder of pictures, a series as in frames/%05d.png
    Template,
    Unknown,  // nothing that is known: opening it gives the exact sentence
  };

  std::filesystem::path path;
  Kind kind = Kind::None;
  media::MediaKind media = media::MediaKind::Unknown;  // of pictures and clips

  bool given() const { return kind != Kind::None; }
  bool is_picture() const { return kind == Kind::Picture; }
  bool is_clip() const { return kind == Kind::Clip; }
  bool is_template() const { return kind == Kind::Template; }
};

// A source: a picture or a clip. Never throws for a bad file.
Input look_at_source(const std::filesystem::path& path);
// A driver: a picture, a clip or a motion template.
Input look_at_driver(const std::filesystem::path& path);

}  // namespace animate::engine
