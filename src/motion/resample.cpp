#include "motion/resample.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "motion/rotation.h"

namespace animate::motion {
namespace {

float mix(float a, float b, double weight) { return static_cast<float>(a + (static_cast<double>(b) - a) * weight); }

Point3 mix(const Point3& a, const Point3& b, double weight) {
  return {mix(a[0], b[0], weight), mix(a[1], b[1], weight), mix(a[2], b[2], weight)};
}

Points3 mix(const Points3& a, const Points3& b, double weight) {
  check(a.size() == b.size(), ErrorKind::Internal, "motion between frames of {} and of {} points", a.size(), b.size());
  Points3 result(a.size());
  for (size_t k = 0; k < a.size(); ++k) result[k] = mix(a[k], b[k], weight);
  return result;
}

}  // namespace

FaceFrame interpolate(const FaceFrame& a, const FaceFrame& b, double weight) {
  if (weight <= 0) return a;
  if (weight >= 1) return b;
  FaceFrame result;
  result.motion.canonical = mix(a.motion.canonical, b.motion.canonical, weight);
  result.motion.expression = mix(a.motion.expression, b.motion.expression, weight);
  result.motion.rotation = slerp(a.motion.rotation, b.motion.rotation, weight);
  result.motion.translation = mix(a.motion.translation, b.motion.translation, weight);
  result.motion.scale = mix(a.motion.scale, b.motion.scale, weight);
  if (a.ratios && b.ratios) {
    result.ratios = OpenRatios{
        {mix(a.ratios->eyes[0], b.ratios->eyes[0], weight), mix(a.ratios->eyes[1], b.ratios->eyes[1], weight)},
        mix(a.ratios->lip, b.ratios->lip, weight)};
  } else {
    result.ratios = weight < 0.5 ? a.ratios : b.ratios;
  }
  return result;
}

FaceFrame frame_at(std::span<const FaceFrame> frames, double position) {
  check(!frames.empty(), ErrorKind::Internal, "a frame of a motion without frames");
  const auto last = static_cast<double>(frames.size() - 1);
  if (!(position > 0)) return frames.front();
  if (position >= last) return frames.back();
  const auto before = static_cast<size_t>(position);
  return interpolate(frames[before], frames[before + 1], position - static_cast<double>(before));
}

double position_at(std::span<const double> times, double time) {
  check(!times.empty(), ErrorKind::Internal, "a position among no times");
  const auto after = std::upper_bound(times.begin(), times.end(), time);
  if (after == times.begin()) return 0;
  const auto index = static_cast<size_t>(after - times.begin()) - 1;
  if (after == times.end()) return static_cast<double>(index);
  return static_cast<double>(index) + (time - times[index]) / (*after - times[index]);
}

std::vector<FaceFrame> resample(std::span<const FaceFrame> frames, double from_rate, double to_rate) {
  check(from_rate > 0 && to_rate > 0 && std::isfinite(from_rate) && std::isfinite(to_rate), ErrorKind::Usage,
        "frame rate: cannot go from {} to {} frames a second; give rates above 0", from_rate, to_rate);
  if (frames.empty() || from_rate == to_rate) return {frames.begin(), frames.end()};
  const double step = from_rate / to_rate;
  const double count = std::max(1.0, std::round(static_cast<double>(frames.size()) / step));
  std::vector<FaceFrame> result;
  result.reserve(static_cast<size_t>(count));
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    result.push_back(frame_at(frames, static_cast<double>(i) * step));
  }
  return result;
}

}  // namespace animate::motion
