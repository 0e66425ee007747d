#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/image_io.h"

struct WebPAnimDecoder;

namespace animate::media {

// An animated WebP, frame by frame, by libwebp. Frames are upright, in sRGB and laid over the background. Keeps the
// file's bytes. Not thread-safe.
class WebpAnimation {
 public:
  struct Picture {
    Image image;
    int64_t milliseconds = 0;  // how long it is shown; browsers show up to 10 as 100, and so do we
  };

  // Throws Error(Input) for a damaged file and a size beyond the limits.
  WebpAnimation(const std::filesystem::path& path, std::vector<std::byte> file, const ImageOptions& options = {});

  int width() const;  // as shown
  int height() const;
  int rotation_degrees() const;
  int frames() const { return frames_; }
  int64_t milliseconds() const { return milliseconds_; }  // how long all of them are shown
  // nullopt after the last frame, and where the file is damaged: then fewer than frames() came.
  std::optional<Picture> next();

 private:
  std::filesystem::path path_;
  std::vector<std::byte> file_;
  ImageOptions options_;
  std::vector<std::byte> profile_;
  std::unique_ptr<WebPAnimDecoder, void (*)(WebPAnimDecoder*)> decoder_;
  int stored_width_ = 0;
  int stored_height_ = 0;
  int orientation_ = 1;  // the EXIF tag
  int frames_ = 0;
  int64_t milliseconds_ = 0;
  int64_t shown_until_ = 0;  // by the file, milliseconds
};

}  // namespace animate::media
