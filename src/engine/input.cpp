#include "engine/input.h"

#include "motion/template_file.h"

namespace animate::engine {
namespace {

Input::Kind kind_of(media::MediaKind media) {
  switch (media) {
    case media::MediaKind::Image: return Input::Kind::Picture;
    case media::MediaKind::Video:
    case media::MediaKind::Folder:
    case media::MediaKind::Pattern: return Input::Kind::Clip;
    case media::MediaKind::Unknown: break;
  }
  return Input::Kind::Unknown;
}

}  // namespace

Input look_at_source(const std::filesystem::path& path) {
  const media::MediaKind media = media::classify_media(path);
  return {path, kind_of(media), media};
}

Input look_at_driver(const std::filesystem::path& path) {
  if (path.empty()) return {};
  if (motion::is_motion_template(path)) return {path, Input::Kind::Template, media::MediaKind::Unknown};
  return look_at_source(path);
}

}  // namespace animate::engine
