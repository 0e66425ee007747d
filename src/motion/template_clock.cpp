#include "motion/template_clock.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "motion/interpolate_motion.h"

namespace animate::motion {
namespace {

constexpr double kMostFrames = 1e6;
// Parts of a frame that rounding makes of a whole one.
constexpr double kNothing = 1e-6;

// Ticks may lie anywhere in 64 bits, and so may their difference lie outside.
double ticks_between(int64_t from, int64_t to) { return static_cast<double>(to) - static_cast<double>(from); }

double since_first(const MotionTemplate& motion, size_t i) {
  return ticks_between(motion.pts.front(), motion.pts[i]) * motion.time_base.value();
}

std::optional<Rational> product(const Rational& a, const Rational& b) {
  const int64_t left = std::gcd(a.num, b.den);
  const int64_t right = std::gcd(b.num, a.den);
  Rational result;
  const bool overflow = __builtin_mul_overflow(a.num / left, b.num / right, &result.num) ||
                        __builtin_mul_overflow(a.den / right, b.den / left, &result.den);
  return overflow ? std::nullopt : std::optional(result);
}

}  // namespace

double begin_of(const MotionTemplate& motion, size_t i) {
  return static_cast<double>(motion.pts[i]) * motion.time_base.value();
}

double length_of(const MotionTemplate& motion) {
  const double last = static_cast<double>(motion.duration.back()) * motion.time_base.value();
  return since_first(motion, motion.pts.size() - 1) + (last > 0 ? last : 1 / motion.frame_rate.value());
}

Motion motion_at(const MotionTemplate& motion, double seconds) {
  const double tick = motion.time_base.value();
  const auto later = [&](double time, int64_t pts) { return time < ticks_between(motion.pts.front(), pts) * tick; };
  const auto after = std::upper_bound(motion.pts.begin(), motion.pts.end(), seconds, later);
  if (after == motion.pts.begin()) return motion.frames.front();
  if (after == motion.pts.end()) return motion.frames.back();
  const auto next = static_cast<size_t>(after - motion.pts.begin());
  const double begin = since_first(motion, next - 1);
  const double weight = (seconds - begin) / (since_first(motion, next) - begin);
  if (weight < kNothing) return motion.frames[next - 1];
  if (weight > 1 - kNothing) return motion.frames[next];
  return interpolate(motion.frames[next - 1], motion.frames[next], weight);
}

MotionTemplate resample(const MotionTemplate& motion, Rational rate) {
  const double count = std::max(1.0, std::round(length_of(motion) * rate.value()));
  check(count <= kMostFrames, ErrorKind::Input,
        "the motion would have more than {:.0f} frames at {}/{} a second; give a lower rate or trim it first",
        kMostFrames, rate.num, rate.den);
  MotionTemplate result = motion;
  result.frames.clear();
  result.frame_rate = rate;
  result.time_base = {rate.den, rate.num};
  result.audio_start = motion.audio_start + begin_of(motion, 0);
  const auto frames = static_cast<size_t>(count);
  for (size_t i = 0; i < frames; ++i) {
    result.frames.push_back(
        motion_at(motion, static_cast<double>(i) * static_cast<double>(rate.den) / static_cast<double>(rate.num)));
  }
  result.pts.resize(frames);
  std::iota(result.pts.begin(), result.pts.end(), 0);
  result.duration.assign(frames, 1);
  return result;
}

bool is_steady(const MotionTemplate& motion) {
  const double frame = 1 / motion.frame_rate.value();
  for (size_t i = 0; i < motion.pts.size(); ++i) {
    if (std::abs(since_first(motion, i) - static_cast<double>(i) * frame) > frame / 20) return false;
  }
  return true;
}

MotionTemplate steady(const MotionTemplate& motion) {
  return is_steady(motion) ? motion : resample(motion, motion.frame_rate);
}

MotionTemplate cut(const MotionTemplate& motion, size_t first, size_t last) {
  const auto part = [first, last](const auto& all) {
    return std::remove_cvref_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                              all.begin() + static_cast<std::ptrdiff_t>(last));
  };
  MotionTemplate result = motion;
  result.frames = part(motion.frames);
  result.duration = part(motion.duration);
  result.pts = part(motion.pts);
  const int64_t origin = result.pts.front();
  int64_t shifted = 0;
  if (__builtin_sub_overflow(result.pts.back(), origin, &shifted)) return result;  // times at both ends of 64 bits
  for (int64_t& pts : result.pts) pts -= origin;
  result.audio_start = motion.audio_start + begin_of(motion, first);
  return result;
}

MotionTemplate trim(const MotionTemplate& motion, double start, double end, const std::string& shown) {
  size_t first = 0;
  while (first < motion.pts.size() && begin_of(motion, first) < start) ++first;
  size_t last = first;
  while (last < motion.pts.size() && begin_of(motion, last) < end) ++last;
  check(first < last, ErrorKind::Input,
        "{}: no frame begins from {:g} s {}, they begin from {:g} to {:g} s; widen the range", shown, start,
        std::isfinite(end) ? fmt::format("to {:g} s", end) : "on", begin_of(motion, 0),
        begin_of(motion, motion.pts.size() - 1));
  return cut(motion, first, last);
}

MotionTemplate change_speed(const MotionTemplate& motion, Rational speed, const std::string& shown) {
  if (speed.num == speed.den) return motion;
  const auto rate = product(motion.frame_rate, speed);
  const auto base = product(motion.time_base, {speed.den, speed.num});
  check(rate && base, ErrorKind::Input, "{}: its times are too fine to be changed; resample it with --fps first",
        shown);
  MotionTemplate result = motion;
  result.frame_rate = *rate;
  result.time_base = *base;
  result.audio_path.clear();
  result.audio_start = 0;
  return result;
}

}  // namespace animate::motion
