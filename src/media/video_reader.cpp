#include "media/video_reader.h"

#include "base/error.h"
#include "media/clip_source.h"
#include "media/picture_clip.h"
#include "media/picture_kind.h"
#include "media/stream_clip.h"
#include "media/webp_clip.h"

namespace animate::media {
namespace {

void check_trim(const VideoReaderOptions& options) {
  check(options.start_seconds.value_or(0) >= 0, ErrorKind::Usage, "the start of {} s is negative; give 0 or more",
        options.start_seconds.value_or(0));
  if (!options.end_seconds) return;
  check(*options.end_seconds > options.start_seconds.value_or(0), ErrorKind::Usage,
        "the end of {} s is not after the start of {} s; give a later end", *options.end_seconds,
        options.start_seconds.value_or(0));
}

std::unique_ptr<ClipSource> open_clip(const std::filesystem::path& path, const VideoReaderOptions& options) {
  switch (options.kind ? *options.kind : classify_media(path)) {
    case MediaKind::Folder: {
      std::string passed_over;
      auto files = pictures_in_folder(path, &passed_over);
      return std::make_unique<PictureClip>(path, std::move(files), options, passed_over);
    }
    case MediaKind::Pattern: return std::make_unique<PictureClip>(path, pictures_of_pattern(path), options);
    case MediaKind::Image:
      return std::make_unique<PictureClip>(path, std::vector<std::filesystem::path>{path}, options);
    default: break;
  }
  if (picture_kind_of(path) == PictureKind::AnimatedWebP) return std::make_unique<WebpClip>(path, options);
  return std::make_unique<StreamClip>(path, options);
}

}  // namespace

std::string trimmed_part(const VideoReaderOptions& options) {
  if (!options.end_seconds) return fmt::format("from {} s on", options.start_seconds.value_or(0));
  if (!options.start_seconds) return fmt::format("before {} s", *options.end_seconds);
  return fmt::format("between {} s and {} s", *options.start_seconds, *options.end_seconds);
}

VideoReader::VideoReader(const std::filesystem::path& path, const VideoReaderOptions& options) {
  check_trim(options);
  source_ = open_clip(path, options);
}

VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;

const VideoInfo& VideoReader::info() const { return source_->info(); }
const std::vector<std::string>& VideoReader::warnings() const { return source_->warnings(); }

const std::vector<std::string>& VideoReader::notes() const { return source_->notes(); }

std::optional<Frame> VideoReader::next() {
  std::optional<Frame> frame = source_->next();
  if (frame) ++frames_read_;
  return frame;
}

}  // namespace animate::media
