#include "engine/idle_driver.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/path_text.h"
#include "base/stopwatch.h"
#include "engine/frame_rate.h"
#include "engine/idle_heads.h"
#include "engine/summary.h"
#include "heads/head_geometry.h"
#include "media/loudness.h"
#include "motion/face_template.h"
#include "motion/idle_face.h"
#include "motion/talk_curve.h"
#include "motion/template_file.h"

namespace animate::engine {
namespace {

constexpr Rational kIdleRate{25, 1};  // unless --fps says otherwise
constexpr double kLongestTalk = 3600;

// What is made, and what is to be said about it.
struct MadeMotion {
  motion::MotionTemplate motion;
  std::vector<std::string> warnings;
};

void check_moves(const models::ModelInfo& model) {
  const bool head = model.head_points > 0 && model.head_points <= heads::kKeypoints;
  check(
      model.family == motion::kLivePortraitFamily || head, ErrorKind::Model,
      "{}: is a model of the family {} that was not trained on drawn heads, so nobody knows which of its points is an "
      "eye or a mouth, and --idle has nothing to move; use the drawn heads (-m heads) or LivePortrait, or a driver",
      model.name, model.family);
}

std::vector<double> loudness(const IdleOptions& options, Rational rate) {
  if (options.talk.empty()) return {};
  auto levels = media::loudness_of(options.talk, rate.value(), kLongestTalk);
  check(!levels.empty(), ErrorKind::Input, "{}: its sound has no length; give another file", show(options.talk));
  return levels;
}

double seconds_of(const IdleOptions& options, const std::vector<double>& levels, Rational rate) {
  if (std::isfinite(options.seconds)) return options.seconds;
  return levels.empty() ? IdleOptions::kSeconds : static_cast<double>(levels.size()) / rate.value();
}

void tell_talk(const IdleOptions& options, const std::vector<double>& levels, const motion::IdleSettings& settings,
               std::vector<std::string>& warnings) {
  if (levels.empty()) return;
  const bool heard = std::any_of(levels.begin(), levels.end(), [](double level) { return level > motion::kSilence; });
  if (!heard) warnings.push_back(show(options.talk) + ": is silent, so the mouth stays as it is");
  if (levels.size() + 1 < settings.frames) {
    warnings.push_back(fmt::format("{}: lasts {:.1f} s, the motion {:.1f} s; after it the mouth rests",
                                   show(options.talk), static_cast<double>(levels.size()) / settings.rate,
                                   static_cast<double>(settings.frames) / settings.rate));
  }
}

MadeMotion make_idle(const models::ModelInfo& model, const AnimateOptions& options) {
  check_moves(model);
  const Rational rate = fixed_rate(options.output.fps).value_or(kIdleRate);
  const std::vector<double> levels = loudness(options.idle, rate);
  motion::IdleSettings settings;
  settings.rate = rate.value();
  const double seconds = seconds_of(options.idle, levels, rate);
  settings.frames = static_cast<size_t>(std::max(2LL, std::llround(seconds * settings.rate)));
  settings.seed = static_cast<uint64_t>(options.idle.seed);
  settings.liveliness = options.idle.liveliness;
  if (!levels.empty()) {
    settings.mouth = motion::talk_curve(levels, settings.frames, settings.rate, motion::fastest_mouth(settings.rate));
  }
  MadeMotion made;
  tell_talk(options.idle, levels, settings, made.warnings);
  const std::vector<motion::IdleState> states = motion::idle_motion(settings);
  if (model.family == motion::kLivePortraitFamily) {
    made.motion = motion::to_motion_template(motion::idle_face(states, rate));
  } else {
    made.motion.family = model.family;
    made.motion.frame_rate = rate;
    made.motion.time_base = {rate.den, rate.num};
    made.motion.frames = idle_heads(states, model.head_points);
    made.motion.pts.resize(states.size());
    std::iota(made.motion.pts.begin(), made.motion.pts.end(), int64_t{0});
    made.motion.duration.assign(states.size(), 1);
  }
  made.motion.model = model.name;
  if (!options.idle.talk.empty()) made.motion.audio_path = text_of_path(std::filesystem::absolute(options.idle.talk));
  return made;
}

}  // namespace

DrivingClip open_driver(const models::ModelInfo& model, const Input& driving, const AnimateOptions& options) {
  if (!driving.is_idle()) return {driving, options.driving};
  MadeMotion made = make_idle(model, options);
  return {driving, std::move(made.motion), options.driving, std::move(made.warnings)};
}

AnimateSummary write_idle_template(const models::ModelInfo& model, const CheckedTemplateJob& job) {
  const Stopwatch watch;
  MadeMotion made = make_idle(model, job.options);
  motion::save_motion_template(job.output, made.motion);
  AnimateSummary summary;
  summary.output = job.output;
  summary.frames = std::ssize(made.motion.frames);
  summary.warnings = std::move(made.warnings);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
