#include "engine/preview_parts.h"

#include <algorithm>

#include "base/error.h"
#include "engine/summary.h"
#include "media/image_io.h"

namespace animate::engine {

std::vector<size_t> spread_frames(size_t count) {
  std::vector<size_t> frames;
  const size_t shown = std::min(kPreviewFrames, count);
  for (size_t i = 0; i < shown; ++i) frames.push_back(shown == 1 ? 0 : i * (count - 1) / (shown - 1));
  return frames;
}

Image blank_picture() {
  Image image(256, 256);
  std::fill_n(image.data(), image.size_bytes(), uint8_t{24});
  return image;
}

std::string frame_label(const char* what, size_t index, int64_t pts, Rational time_base) {
  return fmt::format("{} frame {}, {:.2f} s", what, index, static_cast<double>(pts) * time_base.value());
}

std::vector<Point> to_pixels(const std::vector<Point>& keypoints, double width, double height) {
  std::vector<Point> pixels;
  for (const Point& point : keypoints) pixels.push_back({(point.x + 1) / 2 * width, (point.y + 1) / 2 * height});
  return pixels;
}

void write_sheet(const CheckedJob& job, const Image& sheet, AnimateSummary& summary) {
  refuse_warnings(summary, job.options.output.strict);
  media::save_image(job.output, sheet, job.options.output.metadata);
  summary.output = job.output;
  summary.width = sheet.width();
  summary.height = sheet.height();
}

}  // namespace animate::engine
