#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "animate/export.h"

namespace animate {

// RGB picture, 8 bits a channel, rows packed (stride = 3 * width), pixels shared between copies.
// Copying an Image copies a pointer; whoever writes pixels owns the only copy or calls clone() first.
// Not a view of foreign memory. Safe to read from several threads.
class ANIMATE_EXPORT Image {
 public:
  Image() = default;
  // Uninitialised pixels. Width and height are in pixels and must be positive.
  Image(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0; }
  size_t stride() const { return static_cast<size_t>(width_) * 3; }
  size_t size_bytes() const { return stride() * static_cast<size_t>(height_); }

  const uint8_t* data() const { return pixels_.get(); }
  uint8_t* data() { return pixels_.get(); }
  const uint8_t* row(int y) const { return data() + stride() * static_cast<size_t>(y); }
  uint8_t* row(int y) { return data() + stride() * static_cast<size_t>(y); }

  Image clone() const;

 private:
  int width_ = 0;
  int height_ = 0;
  std::shared_ptr<uint8_t[]> pixels_;
};

// One picture of a clip. Times are in ticks of the stream's time base, counted from the start of the clip.
struct Frame {
  Image image;
  int64_t pts = 0;
  int64_t duration = 0;
};

}  // namespace animate
