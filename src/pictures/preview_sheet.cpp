#include "pictures/preview_sheet.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pictures/draw.h"
#include "pictures/opencv.h"

namespace animate::pictures {
namespace {

constexpr int kPanel = 256;  // sides of a small panel's picture
constexpr int kLabel = 22;   // height of the line below it
constexpr int kGap = 6;
constexpr int kLarge = 2 * kPanel + kLabel + kGap;
const cv::Scalar kBackground(32, 32, 32);
const cv::Scalar kEmpty(56, 56, 56);
const cv::Scalar kText(230, 230, 230);
const cv::Scalar kOutline(255, 220, 0);

// OpenCV's drawn letters are ASCII only.
std::string drawable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else if (byte < 0x80 || byte >= 0xc0) {  // one mark a letter, not one a byte of UTF-8
      out += '?';
    }
  }
  return out;
}

void write_label(cv::Mat& sheet, const std::string& label, const cv::Rect& place) {
  const std::string text = drawable(label);
  double scale = 0.45;
  int baseline = 0;
  const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline);
  if (size.width > place.width) scale *= static_cast<double>(place.width) / size.width;
  cv::putText(sheet, text, {place.x, place.y + 15}, cv::FONT_HERSHEY_SIMPLEX, scale, kText, 1, cv::LINE_AA);
}

void draw_panel(cv::Mat& sheet, const PreviewPanel& panel, int left, int top, int side) {
  const cv::Rect frame(left, top, side, side);
  sheet(frame) = kEmpty;
  write_label(sheet, panel.label, {left, top + side, side, kLabel});
  if (panel.picture.empty()) return;
  const double scale = static_cast<double>(side) / std::max(panel.picture.width(), panel.picture.height());
  const int width = std::clamp(static_cast<int>(std::lround(panel.picture.width() * scale)), 1, side);
  const int height = std::clamp(static_cast<int>(std::lround(panel.picture.height() * scale)), 1, side);
  cv::Mat shown;
  cv::resize(view(panel.picture), shown, {width, height}, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const auto place = [scale](const Point& point) {
    constexpr double far = 1e4;  // beyond any panel, and safe to make a whole number
    return cv::Point(static_cast<int>(std::lround(std::clamp(point.x * scale, -far, far))),
                     static_cast<int>(std::lround(std::clamp(point.y * scale, -far, far))));
  };
  for (const auto& outline : panel.outlines) {
    std::vector<cv::Point> corners;
    corners.reserve(outline.size());
    for (const Point& point : outline) corners.push_back(place(point));
    cv::polylines(shown, corners, /*isClosed=*/true, kOutline, side > kPanel ? 2 : 1, cv::LINE_AA);
  }
  for (size_t i = 0; i < panel.points.size(); ++i) {
    if (!std::isfinite(panel.points[i].x) || !std::isfinite(panel.points[i].y)) continue;
    const auto colour = keypoint_colour(static_cast<double>(i) / static_cast<double>(panel.points.size()));
    cv::circle(shown, place(panel.points[i]), side > kPanel ? 5 : 3, cv::Scalar(colour[0], colour[1], colour[2]),
               cv::FILLED, cv::LINE_AA);
  }
  shown.copyTo(sheet({left + (side - width) / 2, top + (side - height) / 2, width, height}));
}

}  // namespace

Image preview_sheet(const PreviewPanel& source, std::span<const PreviewPanel> driving,
                    std::span<const PreviewPanel> results) {
  check(driving.size() == results.size(), ErrorKind::Internal, "a sheet of {} driving frames and {} results",
        driving.size(), results.size());
  const int columns = static_cast<int>(driving.size());
  Image sheet(kGap + kLarge + kGap + columns * (kPanel + kGap), kGap + kLarge + kLabel);
  guard_opencv("a contact sheet was drawn", [&] {
    cv::Mat pixels = view(sheet);
    pixels = kBackground;
    draw_panel(pixels, source, kGap, kGap, kLarge);
    for (int i = 0; i < columns; ++i) {
      const int left = kGap + kLarge + kGap + i * (kPanel + kGap);
      draw_panel(pixels, driving[static_cast<size_t>(i)], left, kGap, kPanel);
      draw_panel(pixels, results[static_cast<size_t>(i)], left, kGap + kPanel + kLabel + kGap, kPanel);
    }
  });
  return sheet;
}

}  // namespace animate::pictures
