#include "engine/input.h"

#include "motion/template_file.h"

namespace animate {
namespace {

Input::Kind kind_of(MediaKind media) {
  switch (media) {
    case MediaKind::Image: return Input::Kind::Picture;
    case MediaKind::Video:
    case MediaKind::Folder:
    case MediaKind::Pattern: return Input::Kind::Clip;
    case MediaKind::Unknown: break;
  }
  return Input::Kind::Unknown;
}

}  // namespace

Input look_at_source(const std::filesystem::path& path) {
  const MediaKind media = classify_media(path);
  return {path, kind_of(media), media};
}

Input look_at_driver(const std::filesystem::path& path) {
  if (path.empty()) return {};
  if (is_motion_template(path)) return {path, Input::Kind::Template, MediaKind::Unknown};
  return look_at_source(path);
}

}  // namespace animate
