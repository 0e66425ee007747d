#include "motion/idle_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "motion/idle_blinks.h"
#include "motion/idle_random.h"
#include "motion/motion_step.h"

namespace animate::motion {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

// A sum of three waves that fit into the motion a whole number of times: it goes round by itself, and has no
// frequencies but these. Within -1..1. A motion too short for one wave has none.
class Sway {
 public:
  Sway(const IdleSettings& settings, double length, uint64_t stream, double lowest, double highest) : length_(length) {
    IdleRandom random(settings.seed, stream);
    const double most = std::floor(highest * length);
    const double least = std::min(std::max(1.0, std::ceil(lowest * length)), most);
    double sum = 0;
    for (Wave& wave : waves_) {
      wave.rounds = std::min(most, least + std::floor(random.unit() * (most - least + 1)));
      wave.phase = random.unit();
      wave.strength = random.between(0.5, 1);
      sum += wave.strength;
    }
    for (Wave& wave : waves_) wave.strength = most < 1 ? 0 : wave.strength / sum;
  }

  double operator()(double seconds) const {
    double sum = 0;
    for (const auto& [rounds, phase, strength] : waves_) {
      sum += strength * std::sin(kTurn * (rounds * seconds / length_ + phase));
    }
    return sum;
  }

 private:
  struct Wave {
    double rounds = 0, phase = 0, strength = 0;
  };
  std::array<Wave, 3> waves_;
  double length_;
};

// What sways, in one frame: the pose's numbers, then the mood's.
enum Swaying {
  kSwayYaw,
  kSwayPitch,
  kSwayRoll,
  kSwayX,
  kSwayY,
  kSwaySize,
  kPoseNumbers,
  kSwayBrow = kPoseNumbers,
  kSwaySmile,
  kSwaying
};
using Sways = std::array<double, kSwaying>;

// All that sways, at any moment.
class AllSways {
 public:
  AllSways(const IdleSettings& settings, double length)
      : liveliness_(settings.liveliness), sways_{Sway(settings, length, 10, 0.08, 0.4),
                                                 Sway(settings, length, 11, 0.1, 0.45),
                                                 Sway(settings, length, 12, 0.08, 0.35),
                                                 Sway(settings, length, 13, 0.08, 0.35),
                                                 Sway(settings, length, 14, 0.08, 0.35),
                                                 Sway(settings, length, 15, 0.05, 0.25),
                                                 Sway(settings, length, 16, 0.1, 0.5),
                                                 Sway(settings, length, 17, 0.05, 0.3)} {}

  Sways operator()(double seconds) const {
    // Degrees, widths of half a frame, logarithm, and shares of the mood's range.
    constexpr Sways reach{3.5, 2.2, 1.6, 0.012, 0.008, 0.006, 0.25, 0.2};
    Sways frame{};
    for (size_t k = 0; k < kSwaying; ++k) frame[k] = liveliness_ * reach[k] * sways_[k](seconds);
    return frame;
  }

 private:
  double liveliness_;
  std::array<Sway, kSwaying> sways_;
};

// Time for what sways: it goes slower round the seam and faster half-way, so that the step across the seam is one of
// the short ones.
double slower_at_seam(double seconds, double length) {
  constexpr double slower = 0.35;
  return seconds - slower * length / kTurn * std::sin(kTurn * seconds / length);
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// How far it is from one frame to another, each kind by itself: turn, shift, size, mood.
constexpr size_t kKinds = 4;
std::array<double, kKinds> ways(const Sways& a, const Sways& b) {
  constexpr std::array<size_t, kKinds + 1> first{kSwayYaw, kSwayX, kSwaySize, kPoseNumbers, kSwaying};
  std::array<double, kKinds> result{};
  for (size_t kind = 0; kind < kKinds; ++kind) {
    for (size_t k = first[kind]; k < first[kind + 1]; ++k) result[kind] += std::pow(b[k] - a[k], 2);
    result[kind] = std::sqrt(result[kind]);
  }
  return result;
}

// The frame to begin with. All is counted from it, and it lies behind the seam, so it has to be calm: the way to it
// from the frame before is shorter than most, of every kind. Of those the one nearest to the middle of all that sways.
size_t calm_frame(const std::vector<Sways>& frames) {
  std::vector<std::array<double, kKinds>> steps;
  for (size_t i = 0; i < frames.size(); ++i) {
    steps.push_back(ways(frames[(i + frames.size() - 1) % frames.size()], frames[i]));
  }
  std::array<double, kKinds> usual_step{}, usual_distance{};
  for (size_t kind = 0; kind < kKinds; ++kind) {
    std::vector<double> of_steps, of_distances;
    for (size_t i = 0; i < frames.size(); ++i) {
      of_steps.push_back(steps[i][kind]);
      of_distances.push_back(ways({}, frames[i])[kind]);
    }
    usual_step[kind] = median_of(std::move(of_steps));
    usual_distance[kind] = median_of(std::move(of_distances));
  }
  constexpr double calm = 0.8;
  const auto ratio = [](double value, double usual) { return usual > 0 ? value / usual : 0; };
  // How far from calm, then how far from the middle.
  const auto worth = [&](size_t i) {
    const auto distances = ways({}, frames[i]);
    double haste = calm, away = 0;
    for (size_t kind = 0; kind < kKinds; ++kind) {
      haste = std::max(haste, ratio(steps[i][kind], usual_step[kind]));
      away += ratio(distances[kind], usual_distance[kind]);
    }
    return std::array{haste, away};
  };
  size_t best = 0;
  for (size_t i = 1; i < frames.size(); ++i) {
    if (worth(i) < worth(best)) best = i;
  }
  return best;
}

// Eyes rest on a place and go on to the next in one quick turn. They begin and end in the middle.
class Gaze {
 public:
  Gaze(const IdleSettings& settings, double length) {
    IdleRandom random(settings.seed, 2);
    for (double at = random.between(0.8, 2.0); at < length - kRest; at += random.between(0.7, 2.6)) {
      const bool back = random.unit() < 0.45;
      const double x = random.between(-1, 1);
      const double y = random.between(-0.6, 0.6);
      turns_.push_back({at, back ? 0 : x, back ? 0 : y});
    }
    if (!turns_.empty()) turns_.push_back({length - kRest / 2, 0, 0});
  }

  std::array<double, 2> operator()(double seconds) const {
    std::array<double, 2> place{};
    for (const Turn& turn : turns_) {
      const double t = std::clamp((seconds - turn.at) / kQuick, 0.0, 1.0);
      const double share = t * t * (3 - 2 * t);
      place[0] += (turn.x - place[0]) * share;
      place[1] += (turn.y - place[1]) * share;
    }
    return place;
  }

 private:
  static constexpr double kRest = 1;
  static constexpr double kQuick = 0.16;
  struct Turn {
    double at, x, y;
  };
  std::vector<Turn> turns_;
};

// 0 at the seam, 1 where most air is in: the whole number of breaths that is nearest to fifteen a minute.
double breath(double seconds, double length) {
  constexpr double slowest = 0.18;
  constexpr double usual = 0.25;
  const double rounds = std::round(usual * length);
  if (rounds < slowest * length || rounds < 1) return 0;
  return 0.5 - 0.5 * std::cos(kTurn * rounds * seconds / length);
}

// By what the largest of `steps` must be divided to stay within the limit.
double excess(const std::vector<double>& steps, double limit) {
  return std::max(1.0, *std::max_element(steps.begin(), steps.end()) / limit);
}

// Brings turns, shifts and sizes that would be faster than people's down as a whole: their shape stays.
void slow_down(std::vector<IdleState>& states, double rate) {
  std::vector<double> turns, shifts, sizes;
  for (size_t i = 0; i < states.size(); ++i) {
    const IdleState& a = states[i];
    const IdleState& b = states[(i + 1) % states.size()];
    turns.push_back(std::hypot(b.pitch - a.pitch, b.yaw - a.yaw, b.roll - a.roll));
    shifts.push_back(std::hypot(b.x - a.x, b.y - a.y));
    sizes.push_back(std::abs(b.size - a.size));
  }
  const double frame = kStepRate / rate;
  const double turn = excess(turns, kFastestStep.turn * frame);
  const double shift = excess(shifts, kFastestStep.shift * frame);
  const double size = excess(sizes, kFastestStep.scale * frame);
  for (IdleState& state : states) {
    for (double* angle : {&state.pitch, &state.yaw, &state.roll}) *angle /= turn;
    state.x /= shift;
    state.y /= shift;
    state.size /= size;
  }
}

}  // namespace

std::vector<IdleState> idle_motion(const IdleSettings& settings) {
  const double length = static_cast<double>(settings.frames) / settings.rate;
  const AllSways sways(settings, length);
  std::vector<Sways> evenly;
  for (size_t i = 0; i < settings.frames; ++i) evenly.push_back(sways(static_cast<double>(i) / settings.rate));
  const double start = evenly.empty() ? 0 : static_cast<double>(calm_frame(evenly)) / settings.rate;
  const Sways first = sways(start);
  const Gaze gaze(settings, length);
  const std::vector<double> blinks = blink_times(settings.seed, length);
  // Eyes that turn while they blink are the fastest of all.
  const double looking = std::min(settings.liveliness, 1.5);

  std::vector<IdleState> states(settings.frames);
  for (size_t i = 0; i < states.size(); ++i) {
    const double t = static_cast<double>(i) / settings.rate;
    const double air = breath(t, length);
    Sways moved = sways(start + slower_at_seam(t, length));
    for (size_t k = 0; k < kSwaying; ++k) moved[k] -= first[k];
    IdleState& state = states[i];
    state.yaw = moved[kSwayYaw];
    state.pitch = moved[kSwayPitch] - 0.35 * air;
    state.roll = moved[kSwayRoll];
    state.x = moved[kSwayX];
    state.y = moved[kSwayY] - 0.006 * air;
    state.size = moved[kSwaySize] + 0.003 * air;
    state.brow = moved[kSwayBrow];
    state.smile = moved[kSwaySmile];
    for (const double at : blinks) state.lid = std::max(state.lid, blink_lid(t - at));
    const auto [right, down] = gaze(t);
    state.gaze_x = looking * right;
    state.gaze_y = looking * down;
    if (i < settings.mouth.size()) state.mouth = settings.mouth[i];
  }
  if (!states.empty()) slow_down(states, settings.rate);
  return states;
}

}  // namespace animate::motion
