#include "pictures/roofline.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pictures/opencv.h"

namespace animate::pictures {
namespace {

constexpr int kWidth = 1200;
constexpr int kHeight = 800;
constexpr int kFine = 2;  // drawn so many times larger, then averaged: smooth letters
const cv::Rect kPlot(96, 72, kWidth - 96 - 36, kHeight - 72 - 84);
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr size_t kLabelled = 6;  // points with a label

const cv::Scalar kPaper(255, 255, 255);
const cv::Scalar kInk(40, 44, 52);
const cv::Scalar kFaint(130, 136, 145);
const cv::Scalar kDecade(222, 225, 230);
const cv::Scalar kBetween(241, 243, 245);
const cv::Scalar kRoof(60, 66, 78);

struct KindStyle {
  RooflinePoint::Kind kind;
  cv::Scalar colour;  // R, G, B
  const char* name;
};
const std::array<KindStyle, 3> kStyles{{{RooflinePoint::Convolution, {52, 113, 190}, "LibTorch's convolution"},
                                        {RooflinePoint::Winograd, {222, 120, 31}, "Winograd, counted as direct"},
                                        {RooflinePoint::Other, {76, 154, 91}, "other"}}};

const KindStyle& style_of(RooflinePoint::Kind kind) {
  return *std::find_if(kStyles.begin(), kStyles.end(), [kind](const KindStyle& style) { return style.kind == kind; });
}

// A logarithmic axis over whole decades.
struct Axis {
  int low = 0;  // powers of ten
  int high = 1;

  void include(double value) {
    check(std::isfinite(value) && value > 0, ErrorKind::Internal, "a roofline of {}", value);
    low = std::min(low, static_cast<int>(std::floor(std::log10(value))));
    high = std::max(high, static_cast<int>(std::ceil(std::log10(value))));
  }
  // 0..1
  double place(double value) const { return (std::log10(value) - low) / (high - low); }
};

class Diagram {
 public:
  explicit Diagram(const Roofline& roofline)
      : roofline_(roofline), canvas_(kHeight * kFine, kWidth * kFine, CV_8UC3, kPaper) {
    x_ = {0, 1};
    const double ridge = roofline.gflops / roofline.gigabytes_per_second;
    x_.include(ridge * 2);
    y_.low = y_.high = static_cast<int>(std::floor(std::log10(std::max(roofline.gflops, 1e-9))));
    y_.include(roofline.gflops);
    y_.include(roofline.gflops * 1.5);
    for (const RooflinePoint& point : roofline.points) {
      x_.include(point.intensity);
      y_.include(point.gflops);
    }
  }

  void draw() {
    draw_grid();
    draw_roofs();
    draw_points();
    draw_words();
  }

  void copy_to(Image& image) const {
    auto small = view(image);
    cv::resize(canvas_, small, small.size(), 0, 0, cv::INTER_AREA);
  }

 private:
  cv::Point2d at(double intensity, double gflops) const {
    return {kPlot.x + x_.place(intensity) * kPlot.width, kPlot.y + (1 - y_.place(gflops)) * kPlot.height};
  }

  static cv::Point fine(const cv::Point2d& point) {
    return {static_cast<int>(std::lround(point.x * kFine)), static_cast<int>(std::lround(point.y * kFine))};
  }

  void line(const cv::Point2d& from, const cv::Point2d& to, const cv::Scalar& colour, int thickness) {
    cv::line(canvas_, fine(from), fine(to), colour, thickness * kFine, cv::LINE_AA);
  }

  static cv::Size size_of(const std::string& text, double scale) {
    int below = 0;
    return cv::getTextSize(text, kFont, scale, 1, &below);
  }

  // `place` is the left end of the base line.
  void write(const std::string& text, const cv::Point2d& place, double scale, const cv::Scalar& colour) {
    cv::putText(canvas_, text, fine(place), kFont, scale * kFine, colour, kFine, cv::LINE_AA);
  }

  void write_centred(const std::string& text, const cv::Point2d& place, double scale, const cv::Scalar& colour) {
    write(text, {place.x - size_of(text, scale).width / 2.0, place.y}, scale, colour);
  }

  static std::string tick(int power) {
    return power >= -3 && power <= 5 ? fmt::format("{:g}", std::pow(10.0, power)) : fmt::format("1e{}", power);
  }

  void draw_grid() {
    for (int power = x_.low; power <= x_.high; ++power) {
      for (int digit = 1; digit < 10 && (power < x_.high || digit == 1); ++digit) {
        const auto low = at(digit * std::pow(10.0, power), std::pow(10.0, y_.low));
        line(low, {low.x, static_cast<double>(kPlot.y)}, digit == 1 ? kDecade : kBetween, 1);
        if (digit == 1) write_centred(tick(power), {low.x, low.y + 20}, 0.45, kInk);
      }
    }
    for (int power = y_.low; power <= y_.high; ++power) {
      for (int digit = 1; digit < 10 && (power < y_.high || digit == 1); ++digit) {
        const auto left = at(std::pow(10.0, x_.low), digit * std::pow(10.0, power));
        line(left, {static_cast<double>(kPlot.br().x), left.y}, digit == 1 ? kDecade : kBetween, 1);
        const std::string text = tick(power);
        if (digit == 1) write(text, {left.x - 10 - size_of(text, 0.45).width, left.y + 5}, 0.45, kInk);
      }
    }
  }

  void draw_roofs() {
    const double ridge = roofline_.gflops / roofline_.gigabytes_per_second;
    const double foot = std::max(std::pow(10.0, x_.low), std::pow(10.0, y_.low) / roofline_.gigabytes_per_second);
    const double end = std::pow(10.0, x_.high);
    line(at(foot, foot * roofline_.gigabytes_per_second), at(ridge, roofline_.gflops), kRoof, 2);
    line(at(ridge, roofline_.gflops), at(end, roofline_.gflops), kRoof, 2);
    const std::string flat = fmt::format("matrix product {:.1f} GFLOP/s", roofline_.gflops);
    const auto corner = at(ridge, roofline_.gflops);
    write(flat, {corner.x, corner.y - 9}, 0.48, kRoof);
    taken_.emplace_back(corner.x, corner.y - 22, size_of(flat, 0.48).width, 22);
    const auto low = at(foot, foot * roofline_.gigabytes_per_second);
    const auto middle = at(std::sqrt(foot * ridge), std::sqrt(foot * ridge) * roofline_.gigabytes_per_second);
    const std::string slanted = fmt::format("copy {:.1f} GB/s", roofline_.gigabytes_per_second);
    const double left = std::max(low.x + 8, middle.x - size_of(slanted, 0.48).width - 14);
    write(slanted, {left, middle.y - 8}, 0.48, kRoof);
  }

  static double radius_of(const RooflinePoint& point) { return 4 + 34 * std::sqrt(std::clamp(point.share, 0.0, 1.0)); }

  std::vector<RooflinePoint> largest_first() const {
    auto points = roofline_.points;
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
    return points;
  }

  void draw_points() {
    const auto points = largest_first();
    for (const RooflinePoint& point : points) {
      const auto centre = fine(at(point.intensity, point.gflops));
      const int radius = static_cast<int>(std::lround(radius_of(point) * kFine));
      cv::Mat below = canvas_.clone();
      cv::circle(below, centre, radius, style_of(point.kind).colour, cv::FILLED, cv::LINE_AA);
      cv::addWeighted(below, 0.6, canvas_, 0.4, 0, canvas_);
      cv::circle(canvas_, centre, radius, style_of(point.kind).colour, kFine, cv::LINE_AA);
    }
    for (const RooflinePoint& point : points) {
      const auto centre = at(point.intensity, point.gflops);
      const double half = 0.8 * radius_of(point);
      taken_.emplace_back(centre.x - half, centre.y - half, 2 * half, 2 * half);
    }
    for (size_t i = 0; i < std::min(kLabelled, points.size()); ++i) label(points[i]);
  }

  // Beside the disc where nothing else is written: right of it, left of it, then further and further up and down; or
  // nowhere.
  void label(const RooflinePoint& point) {
    constexpr double scale = 0.4;
    constexpr double step = 8;
    const std::string text = fmt::format("{} {:.0f} %", point.label, 100 * point.share);
    const auto size = size_of(text, scale);
    const auto centre = at(point.intensity, point.gflops);
    const double gap = radius_of(point) + 6;
    for (int tries = 0; tries < 12; ++tries) {
      const int steps = (tries + 1) / 2;
      const double shift = step * steps * (tries % 2 == 0 ? 1 : -1);
      for (const double left : {centre.x + gap, centre.x - gap - size.width}) {
        const cv::Rect2d place(left, centre.y - 6 + shift, size.width, 13);
        const bool inside = (place & cv::Rect2d(kPlot)).area() == place.area();
        const bool free = std::none_of(taken_.begin(), taken_.end(),
                                       [&](const cv::Rect2d& other) { return (other & place).area() > 0; });
        if (!inside || !free) continue;
        taken_.push_back(place);
        write(text, {place.x, place.y + 10}, scale, kInk);
        return;
      }
    }
  }

  void draw_words() {
    write(roofline_.title, {static_cast<double>(kPlot.x), 32}, 0.62, kInk);
    write("one disc a kind of layer, its area the share of the frame's time", {static_cast<double>(kPlot.x), 54}, 0.44,
          kFaint);
    write_centred("intensity, FLOP a byte of inputs, weights and outputs",
                  {kPlot.x + kPlot.width / 2.0, static_cast<double>(kPlot.br().y + 46)}, 0.5, kInk);
    write("GFLOP/s", {14, static_cast<double>(kPlot.y - 12)}, 0.5, kInk);
    double left = kPlot.x;
    for (const KindStyle& style : kStyles) {
      const cv::Point2d place(left + 6, kHeight - 15.0);
      cv::circle(canvas_, fine({place.x, place.y - 4}), 6 * kFine, style.colour, cv::FILLED, cv::LINE_AA);
      write(style.name, {place.x + 14, place.y}, 0.44, kInk);
      left += 50 + size_of(style.name, 0.44).width;
    }
  }

  const Roofline& roofline_;
  cv::Mat canvas_;
  Axis x_, y_;
  std::vector<cv::Rect2d> taken_;  // where labels must not lie
};

}  // namespace

Image draw_roofline(const Roofline& roofline) {
  check(roofline.gflops > 0 && roofline.gigabytes_per_second > 0, ErrorKind::Internal,
        "a roofline needs the machine's limits");
  Image image(kWidth, kHeight);
  guard_opencv("a roofline was drawn", [&] {
    Diagram diagram(roofline);
    diagram.draw();
    diagram.copy_to(image);
  });
  return image;
}

}  // namespace animate::pictures
