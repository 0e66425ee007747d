#include "engine/describe_media.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_kind.h"
#include "media/media_info.h"

namespace animate::engine {
namespace {

const char* name_of(media::MediaKind kind) {
  switch (kind) {
    case media::MediaKind::Image: return "picture";
    case media::MediaKind::Video: return "video";
    case media::MediaKind::Folder: return "folder of pictures";
    case media::MediaKind::Pattern: return "numbered pictures";
    case media::MediaKind::Unknown: break;
  }
  return "sound";
}

}  // namespace

std::string describe_media(const std::filesystem::path& path) {
  const media::MediaKind kind = media::classify_media(path);
  if (kind != media::MediaKind::Folder && kind != media::MediaKind::Pattern) {
    require_file(path, "a checkpoint, motion template, picture or video");
  }
  const media::MediaInfo info = media::probe_media(path);
  nlohmann::ordered_json document{{"file", show(path)}, {"kind", name_of(info.kind)}};
  const auto add = [&document](const char* key, const std::string& value) {
    if (!value.empty()) document[key] = value;
  };
  add("container", info.container);
  if (info.width > 0) {
    document["width"] = info.width;
    document["height"] = info.height;
  }
  add("codec", info.codec);
  add("pixel_format", info.pixel_format);
  if (info.rotation_degrees != 0) document["rotation_degrees"] = info.rotation_degrees;
  if (info.frame_rate.positive()) {
    document["frame_rate"] = fmt::format("{}/{}", info.frame_rate.num, info.frame_rate.den);
  }
  if (info.frames) document["frames_by_header"] = *info.frames;
  if (info.duration_seconds) document["seconds"] = *info.duration_seconds;
  add("color_range", info.color_range);
  add("color_matrix", info.color_matrix);
  add("color_primaries", info.color_primaries);
  add("color_transfer", info.color_transfer);
  add("audio_codec", info.audio_codec);
  if (!info.audio_codec.empty()) {
    document["audio_sample_rate"] = info.audio_sample_rate;
    document["audio_channels"] = info.audio_channels;
  }
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace animate::engine
