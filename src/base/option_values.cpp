#include "animate/option_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/frame_rate_text.h"
#include "base/number_list.h"

namespace animate {
namespace {

// All of `text` as a whole number.
template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// "3,4,5": whole numbers and nothing else.
std::optional<std::array<int, 4>> four_numbers(std::string_view text) {
  std::array<int, 4> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ',')) return std::nullopt;
    const auto [stop, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc()) return std::nullopt;
    at = stop;
  }
  if (at != end) return std::nullopt;
  return numbers;
}

constexpr int kSmallestCrop = 8;
constexpr double kSmallestFace = 8;
constexpr int kMostFaces = 9999;

// "25" or "30000/1001".
std::string fraction_text(Rational rate) {
  return rate.den == 1 ? fmt::format("{}", rate.num) : fmt::format("{}/{}", rate.num, rate.den);
}

}  // namespace

size_t TextField::index_of(std::string_view text, std::span<const std::string_view> words) {
  const auto found = std::find(words.begin(), words.end(), text);
  check(found != words.end(), ErrorKind::Usage, "{} is not one of {}", show(text), fmt::join(words, "|"));
  return static_cast<size_t>(found - words.begin());
}

ReferenceChoice ReferenceChoice::parse(std::string_view text) {
  if (text == "first") return {Kind::First, 0};
  if (text == "auto") return {Kind::Auto, 0};
  if (text == "neutral") return {Kind::Neutral, 0};
  const auto frame = whole_number<int64_t>(text);
  check(frame && *frame >= 0, ErrorKind::Usage,
        "--reference {}: is not a frame; use first, auto, neutral or a frame number from 0", show(text));
  return {Kind::Frame, *frame};
}

std::string ReferenceChoice::text() const {
  switch (kind) {
    case Kind::First: return "first";
    case Kind::Auto: return "auto";
    case Kind::Neutral: return "neutral";
    case Kind::Frame: break;
  }
  return fmt::format("{}", frame);
}

CropChoice CropChoice::parse(std::string_view text) {
  if (text.empty()) return {};
  if (text == "auto") return {.kind = Kind::Auto};
  if (text == "none") return {.kind = Kind::None};
  const auto numbers = four_numbers(text);
  check(numbers.has_value(), ErrorKind::Usage,
        "--crop {}: is not a crop; give auto, none, or x,y,w,h in whole pixels, as in 100,50,256,256", show(text));
  const auto [x, y, width, height] = *numbers;
  check(width >= kSmallestCrop && height >= kSmallestCrop, ErrorKind::Usage,
        "--crop {}: its sides must be {} pixels or more; give a larger width and height", text, kSmallestCrop);
  return {Kind::Box, x, y, width, height};
}

std::string CropChoice::text() const {
  switch (kind) {
    case Kind::ByFamily: return "";
    case Kind::Auto: return "auto";
    case Kind::None: return "none";
    case Kind::Box: break;
  }
  return fmt::format("{},{},{},{}", x, y, width, height);
}

RateChoice RateChoice::parse(std::string_view text) {
  if (text.empty()) return {};
  if (text == "source") return {Kind::Source, {}};
  if (text == "driving") return {Kind::Driving, {}};
  return {Kind::Fixed, parse_frame_rate(std::string(text))};
}

std::string RateChoice::text() const {
  switch (kind) {
    case Kind::Own: return "";
    case Kind::Source: return "source";
    case Kind::Driving: return "driving";
    case Kind::Fixed: break;
  }
  return fraction_text(rate);
}

PictureRate PictureRate::parse(std::string_view text) {
  try {
    return {parse_frame_rate(std::string(text))};
  } catch (const Error&) {
    fail(ErrorKind::Usage,
         "{}: is not a frame rate; give --driving-fps or --source-fps a number up to {} or a fraction, as in 25 or "
         "30000/1001",
         show(text), kHighestFrameRate);
  }
}

std::string PictureRate::text() const { return fraction_text(rate); }

StreamChoice StreamChoice::parse(std::string_view text) {
  if (text == "auto") return {};
  const auto number = whole_number<int64_t>(text);
  check(number && *number >= 0 && *number < 1000, ErrorKind::Usage,
        "--video-stream {}: is not a stream; use auto or a number, where 0 is the file's first video stream",
        show(text));
  return {*number};
}

std::string StreamChoice::text() const { return number < 0 ? "auto" : fmt::format("{}", number); }

SoundChoice SoundChoice::parse(std::string_view text) {
  if (text == "driving") return {Kind::Driving, {}};
  if (text == "source") return {Kind::Source, {}};
  if (text == "none") return {Kind::None, {}};
  return {Kind::File, text};
}

std::string SoundChoice::text() const {
  switch (kind) {
    case Kind::Driving: return "driving";
    case Kind::Source: return "source";
    case Kind::None: return "none";
    case Kind::File: break;
  }
  return file.string();
}

DeviceChoice DeviceChoice::parse(std::string_view text) {
  if (text == "auto") return {};
  if (text == "cpu") return {Kind::Cpu, -1};
  if (text == "cuda") return {Kind::Cuda, -1};
  constexpr std::string_view prefix = "cuda:";
  const int index = text.starts_with(prefix) ? whole_number<int>(text.substr(prefix.size())).value_or(-1) : -1;
  check(index >= 0, ErrorKind::Usage, "--device {}: unknown device; use auto, cpu, cuda or cuda:N", show(text));
  return {Kind::Cuda, index};
}

std::string DeviceChoice::text() const {
  if (kind == Kind::Auto) return "auto";
  if (kind == Kind::Cpu) return "cpu";
  return index < 0 ? "cuda" : fmt::format("cuda:{}", index);
}

BatchChoice BatchChoice::parse(std::string_view text) {
  if (text == "auto") return {};
  const auto frames = whole_number<int64_t>(text);
  check(frames && *frames >= 1 && *frames <= kMost, ErrorKind::Usage,
        "--batch {}: is not a number of frames; use auto or a number from 1 to {}", show(text), kMost);
  return {*frames};
}

std::string BatchChoice::text() const { return frames == 0 ? "auto" : fmt::format("{}", frames); }

FrameSize FrameSize::parse(std::string_view text) {
  constexpr int64_t largest = 8192;
  const size_t cross = text.find('x');
  const auto width = whole_number<int64_t>(text.substr(0, cross));
  const auto height = cross == std::string_view::npos ? width : whole_number<int64_t>(text.substr(cross + 1));
  check(width && height && *width > 0 && *height > 0 && *width <= largest && *height <= largest, ErrorKind::Usage,
        "{}: is not a frame size; give N or WIDTHxHEIGHT in pixels, up to {}", show(text), largest);
  return {*width, *height};
}

std::string FrameSize::text() const {
  return width == height ? fmt::format("{}", width) : fmt::format("{}x{}", width, height);
}

FaceChoice FaceChoice::parse(std::string_view text) {
  if (text == "largest") return {};
  if (text == "left") return {.kind = Kind::Left};
  if (text == "right") return {.kind = Kind::Right};
  if (text == "all") return {.kind = Kind::All};
  if (const auto numbers = parse_numbers(text, ',')) {
    if (numbers->size() == 2 && (*numbers)[0] >= 0 && (*numbers)[1] >= 0) {
      return {Kind::Place, 0, (*numbers)[0], (*numbers)[1]};
    }
    const double number = numbers->front();
    if (numbers->size() == 1 && number == std::floor(number) && number >= 1 && number <= kMostFaces) {
      return {Kind::Number, static_cast<int>(number), 0, 0};
    }
  }
  fail(ErrorKind::Usage,
       "--face {}: is no choice of a face; give largest, left, right, all, a number from 1 (left to right), or a place "
       "x,y in pixels",
       show(text));
}

std::string FaceChoice::text() const {
  switch (kind) {
    case Kind::Largest: return "largest";
    case Kind::Left: return "left";
    case Kind::Right: return "right";
    case Kind::All: return "all";
    case Kind::Number: return fmt::format("{}", number);
    case Kind::Place: break;
  }
  return fmt::format("{},{}", x, y);
}

FaceBox FaceBox::parse(std::string_view text) {
  const auto numbers = parse_numbers(text, ',');
  check(numbers && numbers->size() == 4, ErrorKind::Usage,
        "--bbox {}: is not a box; give x,y,w,h in pixels, hairline to chin, as in 100,50,120,160", show(text));
  const FaceBox box{(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3]};
  check(box.width >= kSmallestFace && box.height >= kSmallestFace, ErrorKind::Usage,
        "--bbox {}: its sides must be {} pixels or more; give a larger width and height", text, kSmallestFace);
  return box;
}

std::string FaceBox::text() const { return fmt::format("{},{},{},{}", x, y, width, height); }

FacePoints FacePoints::parse(std::string_view text) {
  FacePoints face;
  std::string_view rest = text;
  bool sane = !text.empty();
  while (sane && !rest.empty()) {
    const size_t end = rest.find(';');
    const auto pair = parse_numbers(rest.substr(0, end), ',');
    sane = pair && pair->size() == 2;
    if (sane) face.points.push_back({(*pair)[0], (*pair)[1]});
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  check(sane && (face.points.size() == 5 || face.points.size() == 9), ErrorKind::Usage,
        "--points {}: is not the points of a face; give x,y;x,y;x,y;x,y;x,y in pixels: left eye, right eye, nose, left "
        "and right corner of the mouth (or the nine points of an animal)",
        show(text));
  return face;
}

std::string FacePoints::text() const {
  std::string text;
  for (const Point& point : points) text += fmt::format("{}{},{}", text.empty() ? "" : ";", point.x, point.y);
  return text;
}

DetectorChoice DetectorChoice::parse(std::string_view text) {
  if (text == "auto") return {};
  if (text == "haar") return {Kind::Haar, {}};
  return {Kind::File, text};
}

std::string DetectorChoice::text() const {
  return kind == Kind::Auto ? "auto" : kind == Kind::Haar ? "haar" : file.string();
}

ComparedWith ComparedWith::parse(std::string_view text) {
  if (text.empty()) return {};
  if (text == "baseline") return {Kind::Baseline, {}};
  return {Kind::File, text};
}

std::string ComparedWith::text() const {
  return kind == Kind::Nothing ? "" : kind == Kind::Baseline ? "baseline" : file.string();
}

}  // namespace animate
