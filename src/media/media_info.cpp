#include "media/media_info.h"

#include "animate/error.h"
#include "base/error.h"
#include "media/demuxer.h"
#include "media/image_io.h"
#include "media/number_pattern.h"
#include "media/picture_clip.h"
#include "media/picture_kind.h"
#include "media/stream_clip.h"
#include "media/video_choice.h"
#include "media/webp_clip.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

// GIF and APNG are pictures or clips depending on whether there is a second frame.
bool has_second_frame(Demuxer& demuxer) {
  const UniquePacket packet = make_packet();
  int frames = 0;
  while (frames < 2 && demuxer.read(*packet) >= 0) {
    ++frames;
    av_packet_unref(packet.get());
  }
  return frames == 2;
}

MediaKind kind_of_file(Demuxer& demuxer) {
  if (demuxer.is_picture()) return MediaKind::Image;
  if (demuxer.format_name() == "gif" || demuxer.format_name() == "apng") {
    return has_second_frame(demuxer) ? MediaKind::Video : MediaKind::Image;
  }
  return !demuxer.video_streams().empty() ? MediaKind::Video : MediaKind::Unknown;
}

std::string text_or_empty(const char* name) {
  const std::string text = name == nullptr ? "" : name;
  return text == "unknown" ? "" : text;
}

void describe_pictures(const std::vector<fs::path>& files, MediaInfo& info) {
  const PictureFacts facts = picture_facts(files.front());
  const bool swap = facts.rotation_degrees % 180 != 0;
  info.width = swap ? facts.height : facts.width;
  info.height = swap ? facts.width : facts.height;
  info.codec = facts.codec;
  info.pixel_format = facts.pixel_format;
  info.rotation_degrees = facts.rotation_degrees;
  info.frames = static_cast<int64_t>(files.size());
  info.container = files.size() == 1 ? "picture" : "pictures";
  if (info.kind == MediaKind::Image) return;
  info.frame_rate = {25, 1};
  info.duration_seconds = static_cast<double>(files.size()) / 25;
}

void take_video(const VideoInfo& facts, MediaInfo& info) {
  info.width = facts.width;
  info.height = facts.height;
  info.codec = facts.codec;
  info.pixel_format = facts.pixel_format;
  info.rotation_degrees = facts.rotation_degrees;
  info.frame_rate = facts.frame_rate;
  info.frames = facts.frame_count_from_header;
  info.duration_seconds = facts.duration_seconds;
}

void describe_streams(const Demuxer& demuxer, MediaInfo& info) {
  info.container = demuxer.format_name();
  AVStream* video = choose_video(demuxer).stream;
  if (video != nullptr) {
    take_video(describe_stream(demuxer, *video), info);
    const AVCodecParameters& parameters = *video->codecpar;
    info.color_range = text_or_empty(av_color_range_name(parameters.color_range));
    info.color_matrix = text_or_empty(av_color_space_name(parameters.color_space));
    info.color_primaries = text_or_empty(av_color_primaries_name(parameters.color_primaries));
    info.color_transfer = text_or_empty(av_color_transfer_name(parameters.color_trc));
  }
  if (const AVStream* audio = choose_audio(demuxer, video); audio != nullptr) {
    info.audio_codec = avcodec_get_name(audio->codecpar->codec_id);
    info.audio_sample_rate = audio->codecpar->sample_rate;
    info.audio_channels = audio->codecpar->ch_layout.nb_channels;
    if (!info.duration_seconds && demuxer.context().duration > 0) {
      info.duration_seconds = static_cast<double>(demuxer.context().duration) / AV_TIME_BASE;
    }
  }
  check(!info.codec.empty() || !info.audio_codec.empty(), ErrorKind::Input,
        "{}: has no video stream; give a video or a picture", show(demuxer.path()));
}

}  // namespace

MediaKind classify_media(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) return MediaKind::Folder;
  if (!fs::exists(path, ec)) {
    return NumberPattern::parse(path.filename().string()) ? MediaKind::Pattern : MediaKind::Unknown;
  }
  // What FFmpeg takes for a video or does not know in every version.
  const PictureKind kind = picture_kind_of(path);
  if (kind == PictureKind::Heic || kind == PictureKind::Avif || kind == PictureKind::Targa) return MediaKind::Image;
  if (kind == PictureKind::AnimatedWebP) return MediaKind::Video;
  try {
    Demuxer demuxer(path, Demuxer::Depth::Header);
    const MediaKind media = kind_of_file(demuxer);
    if (media != MediaKind::Unknown || demuxer.context().nb_streams > 0) return media;
    // Transport streams and the like name their streams only in the packets.
    Demuxer deep(path);
    return kind_of_file(deep);
  } catch (const Error&) {
    // Its reader says why it cannot be read.
    return kind == PictureKind::Other ? MediaKind::Unknown : MediaKind::Image;
  }
}

void check_video_stream(const fs::path& path, int64_t number) { choose_video(Demuxer(path), number); }

void check_sound(const fs::path& path) {
  const Demuxer demuxer(path, Demuxer::Depth::Streams, Demuxer::Wanted::Sound);
  check(choose_audio(demuxer, nullptr) != nullptr, ErrorKind::Input, "{}: holds no sound; give {}", show(path),
        Demuxer::kSoundFiles);
}

MediaInfo probe_media(const fs::path& path) {
  MediaInfo info;
  info.kind = classify_media(path);
  switch (info.kind) {
    case MediaKind::Folder: describe_pictures(pictures_in_folder(path), info); return info;
    case MediaKind::Pattern: describe_pictures(pictures_of_pattern(path), info); return info;
    case MediaKind::Image: describe_pictures({path}, info); return info;
    default: break;
  }
  if (picture_kind_of(path) == PictureKind::AnimatedWebP) {
    const WebpClip clip(path, {});
    info.container = clip.info().container;
    take_video(clip.info(), info);
  } else {
    describe_streams(Demuxer(path), info);
  }
  return info;
}

}  // namespace animate::media
