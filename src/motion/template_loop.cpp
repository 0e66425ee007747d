#include "motion/template_loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "motion/interpolate_motion.h"
#include "motion/template_clock.h"

namespace animate::motion {
namespace {

// Rows of numbers, one a frame, in which all arrays weigh alike: the squared distance of two rows is the sum over the
// arrays of their mean square difference in units of their own mean square spread.
struct Features {
  size_t width = 0;
  std::vector<float> rows;

  size_t count() const { return width == 0 ? 0 : rows.size() / width; }
  const float* row(size_t i) const { return rows.data() + i * width; }
};

double square_distance(const float* a, const float* b, size_t width, double enough) {
  double sum = 0;
  for (size_t i = 0; i < width && sum < enough; ++i) {
    const double difference = static_cast<double>(a[i]) - b[i];
    sum += difference * difference;
  }
  return sum;
}

// Canonical points and ratios tell of the face rather than of its motion.
bool is_motion(const std::string& name) { return name != "kp" && name != "c_eyes" && name != "c_lip"; }

Features features_of(const std::vector<Motion>& frames) {
  struct Column {
    const std::string* name;
    std::vector<double> mean;
    double weight;
  };
  std::vector<Column> columns;
  const auto count = static_cast<double>(frames.size());
  Features features;
  for (const auto& [name, array] : frames.front().arrays) {
    if (!is_motion(name)) continue;
    Column column{&name, std::vector<double>(array.values.size()), 0};
    double spread = 0;
    for (const Motion& frame : frames) {
      const auto& values = frame.arrays.at(name).values;
      for (size_t i = 0; i < values.size(); ++i) column.mean[i] += values[i] / count;
    }
    for (const Motion& frame : frames) {
      const auto& values = frame.arrays.at(name).values;
      for (size_t i = 0; i < values.size(); ++i) spread += std::pow(values[i] - column.mean[i], 2) / count;
    }
    // An array that stands still would only count its own rounding.
    constexpr double still = 1e-12;
    if (!(spread > still * static_cast<double>(array.values.size())) || !std::isfinite(spread)) continue;
    column.weight = 1 / std::sqrt(spread);
    features.width += array.values.size();
    columns.push_back(std::move(column));
  }
  for (const Motion& frame : frames) {
    for (const Column& column : columns) {
      const auto& values = frame.arrays.at(*column.name).values;
      for (size_t i = 0; i < values.size(); ++i) {
        features.rows.push_back(static_cast<float>((values[i] - column.mean[i]) * column.weight));
      }
    }
  }
  return features;
}

// Poses with their speeds behind them, these in units of their own spread too: how it moves counts as where it is.
Features with_speeds(const Features& poses) {
  const size_t count = poses.count();
  std::vector<float> speeds(poses.rows.size());
  double spread = 0;
  for (size_t i = 0; i < count; ++i) {
    const float* before = poses.row(i == 0 ? 0 : i - 1);
    const float* after = poses.row(std::min(i + 1, count - 1));
    const float steps = i == 0 || i + 1 == count ? 1 : 2;
    for (size_t k = 0; k < poses.width; ++k) {
      const float speed = (after[k] - before[k]) / steps;
      speeds[i * poses.width + k] = speed;
      spread += static_cast<double>(speed) * speed / static_cast<double>(count);
    }
  }
  double pose_spread = 0;
  for (const float value : poses.rows) pose_spread += static_cast<double>(value) * value / static_cast<double>(count);
  const auto weight = static_cast<float>(spread > 0 ? std::sqrt(pose_spread / spread) : 0);
  Features both{2 * poses.width, {}};
  both.rows.reserve(2 * poses.rows.size());
  for (size_t i = 0; i < count; ++i) {
    both.rows.insert(both.rows.end(), poses.row(i), poses.row(i) + poses.width);
    for (size_t k = 0; k < poses.width; ++k) both.rows.push_back(speeds[i * poses.width + k] * weight);
  }
  return both;
}

// The step from the last frame to the first in units of the average step between neighbours; 0 where nothing moves.
double closing_step(const std::vector<Motion>& frames) {
  const Features poses = features_of(frames);
  const size_t count = poses.count();
  if (count < 2) return 0;
  const double no_end = std::numeric_limits<double>::infinity();
  double sum = 0;
  for (size_t i = 1; i < count; ++i) {
    sum += std::sqrt(square_distance(poses.row(i - 1), poses.row(i), poses.width, no_end));
  }
  if (sum == 0) return 0;
  return std::sqrt(square_distance(poses.row(count - 1), poses.row(0), poses.width, no_end)) /
         (sum / static_cast<double>(count - 1));
}

struct Seam {
  size_t first = 0;
  size_t last = 0;
};

// Only seams with `window` frames before or behind them to blend with.
Seam best_seam(const Features& features, size_t frames, size_t shortest, size_t window) {
  Seam best{0, frames - 1};
  if (features.width == 0) return best;
  double smallest = std::numeric_limits<double>::infinity();
  for (size_t length = frames - 1; length >= shortest; --length) {
    for (size_t first = 0; first + length < frames; ++first) {
      if (first < window && frames - first - length < window) continue;
      const double distance =
          square_distance(features.row(first), features.row(first + length), features.width, smallest);
      if (distance < smallest) {
        smallest = distance;
        best = {first, first + length};
      }
    }
  }
  return best;
}

}  // namespace

LoopResult find_loop(const MotionTemplate& motion, const LoopOptions& options, const std::string& shown) {
  const MotionTemplate whole = steady(motion);
  const size_t count = whole.frames.size();
  const double rate = whole.frame_rate.value();
  const double wanted = options.min_seconds > 0 ? options.min_seconds * rate : static_cast<double>(count) / 2;
  check(count >= 3 && wanted <= static_cast<double>(count - 1), ErrorKind::Input,
        "{}: has {} frames ({:.2f} s), too few for a loop of {:.2f} s; ask for a shorter one with --min-length", shown,
        count, static_cast<double>(count) / rate, wanted / rate);
  const auto shortest = std::max<size_t>(2, static_cast<size_t>(std::ceil(wanted)));
  const auto asked = static_cast<size_t>(std::max(0.0, std::round(options.blend_seconds * rate)));
  const size_t room = std::min(asked, count - shortest);
  const Seam seam = best_seam(with_speeds(features_of(whole.frames)), count, shortest, room);

  LoopResult result;
  result.first = seam.first;
  result.last = seam.last;
  result.step_before = closing_step(whole.frames);
  result.motion = cut(whole, seam.first, seam.last);
  const size_t length = seam.last - seam.first;
  const size_t window = std::min(asked, length / 2);
  const size_t before = std::min(window, seam.first);
  const size_t behind = std::min(window, count - seam.last);
  std::vector<Motion>& frames = result.motion.frames;
  if (before >= behind) {
    for (size_t k = 0; k < before; ++k) {
      const double weight = static_cast<double>(k + 1) / static_cast<double>(before + 1);
      Motion& end = frames[length - before + k];
      end = interpolate(end, whole.frames[seam.first - before + k], weight);
    }
  } else {
    for (size_t k = 0; k < behind; ++k) {
      const double weight = static_cast<double>(k + 1) / static_cast<double>(behind + 1);
      frames[k] = interpolate(whole.frames[seam.last + k], frames[k], weight);
    }
  }
  result.step_after = closing_step(frames);
  return result;
}

}  // namespace animate::motion
