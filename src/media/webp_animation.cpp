#include "media/webp_animation.h"

#include <webp/demux.h>

#include "base/error.h"
#include "media/color_profile.h"
#include "media/orientation.h"
#include "media/picture_essence.h"
#include "media/picture_header.h"
#include "media/rgba_rows.h"

namespace animate::media {
namespace {

int64_t shown_for(int64_t milliseconds) { return milliseconds <= 10 ? 100 : milliseconds; }

}  // namespace

WebpAnimation::WebpAnimation(const std::filesystem::path& path, std::vector<std::byte> file,
                             const ImageOptions& options)
    : path_(path),
      file_(std::move(file)),
      options_(options),
      profile_(stored_profile(file_)),
      decoder_(nullptr, WebPAnimDecoderDelete) {
  const PictureHeader header = read_picture_header(file_);
  check_picture_size(path_, header.width, header.height, options_);
  orientation_ = header.orientation;
  const WebPData data{reinterpret_cast<const uint8_t*>(file_.data()), file_.size()};
  WebPAnimDecoderOptions how;
  check(WebPAnimDecoderOptionsInit(&how) != 0, ErrorKind::Internal, "libwebp of another version than its headers");
  how.color_mode = MODE_RGBA;
  how.use_threads = 0;
  decoder_.reset(WebPAnimDecoderNew(&data, &how));
  WebPAnimInfo info{};
  const bool opened = decoder_ != nullptr && WebPAnimDecoderGetInfo(decoder_.get(), &info) != 0;
  check(opened, ErrorKind::Input, "{}: the animated WebP is damaged or ends early; copy or download it again",
        show(path_));
  check_picture_size(path_, info.canvas_width, info.canvas_height, options_);
  stored_width_ = static_cast<int>(info.canvas_width);
  stored_height_ = static_cast<int>(info.canvas_height);
  frames_ = static_cast<int>(info.frame_count);
  WebPIterator frame;
  if (WebPDemuxGetFrame(WebPAnimDecoderGetDemuxer(decoder_.get()), 1, &frame) != 0) {
    do milliseconds_ += shown_for(frame.duration);
    while (WebPDemuxNextFrame(&frame) != 0);
    WebPDemuxReleaseIterator(&frame);
  }
}

int WebpAnimation::width() const {
  return Orientation::from_exif(orientation_).swaps_sides() ? stored_height_ : stored_width_;
}
int WebpAnimation::height() const {
  return Orientation::from_exif(orientation_).swaps_sides() ? stored_width_ : stored_height_;
}
int WebpAnimation::rotation_degrees() const { return Orientation::from_exif(orientation_).degrees(); }

std::optional<WebpAnimation::Picture> WebpAnimation::next() {
  uint8_t* rows = nullptr;
  int end = 0;
  if (WebPAnimDecoderHasMoreFrames(decoder_.get()) == 0) return std::nullopt;
  if (WebPAnimDecoderGetNext(decoder_.get(), &rows, &end) == 0) return std::nullopt;
  const int64_t length = end - shown_until_;
  shown_until_ = end;
  const Image stored =
      over_background(rows, size_t{4} * static_cast<size_t>(stored_width_), stored_width_, stored_height_, options_);
  const Image image = turn_upright(to_srgb(stored, profile_, show(path_)), Orientation::from_exif(orientation_));
  return Picture{image, shown_for(length)};
}

}  // namespace animate::media
