#include "heads/labelled_clips.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "heads/counter_random.h"

namespace animate::heads {
namespace {

// A clip begins between these times of a motion: the motion's own beginning is calm, as no other moment is.
constexpr float kEarliest = 0.5F;
constexpr float kLatest = 6;

struct Spread {
  float low, high;
  float range() const { return high - low; }
};

template <typename Value>
Spread spread_of(std::span<const HeadMotion> motions, const Value& value) {
  Spread seen{value(motions.front()), value(motions.front())};
  for (const HeadMotion& motion : motions) {
    seen.low = std::min(seen.low, value(motion));
    seen.high = std::max(seen.high, value(motion));
  }
  return seen;
}

struct Label {
  std::string_view name;
  bool (*earned)(std::span<const HeadMotion> motions);
};

// About a third to a half of the clips of 1.3 seconds earn each.
constexpr auto kLabels = std::to_array<Label>({
    {"turn",
     [](std::span<const HeadMotion> m) {
       return spread_of(m, [](const HeadMotion& at) { return at.pose.yaw; }).range() > 0.2F;
     }},
    {"nod",
     [](std::span<const HeadMotion> m) {
       return spread_of(m, [](const HeadMotion& at) { return at.pose.pitch; }).range() > 0.14F;
     }},
    {"smile",
     [](std::span<const HeadMotion> m) {
       return spread_of(m, [](const HeadMotion& at) { return at.expression.smile; }).high > 0.25F;
     }},
    {"blink",
     [](std::span<const HeadMotion> m) {
       return spread_of(m, [](const HeadMotion& at) { return at.expression.left_eye; }).low < 0.4F;
     }},
    {"talk",
     [](std::span<const HeadMotion> m) {
       return spread_of(m, [](const HeadMotion& at) { return at.expression.mouth; }).range() > 0.25F;
     }},
});

constexpr auto kLabelNames = [] {
  std::array<std::string_view, kLabels.size()> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kLabels[i].name;
  return names;
}();

}  // namespace

std::span<const std::string_view> drawn_labels() { return kLabelNames; }

std::vector<float> labels_of(std::span<const HeadMotion> motions, std::span<const std::string> labels) {
  std::vector<float> values;
  for (const std::string& label : labels) {
    const auto found =
        std::find_if(kLabels.begin(), kLabels.end(), [&](const Label& one) { return one.name == label; });
    check(found != kLabels.end(), ErrorKind::Internal, "a drawn clip is asked for the label {}", label);
    values.push_back(found->earned(motions) ? 1.0F : 0.0F);
  }
  return values;
}

LabelledClip labelled_clip(uint64_t identity, uint64_t motion, const ClipCut& cut,
                           std::span<const std::string> labels) {
  CounterRandom random(motion, 0xC11B);
  const auto start = std::llround(random.between(kEarliest, kLatest) * cut.rate);
  const auto motions = smooth_motion(motion, start + cut.frames, cut.rate);
  const auto shown = std::span(motions).subspan(static_cast<size_t>(start));
  LabelledClip clip;
  clip.labels = labels_of(shown, labels);
  // Identity and scene are the head's; the camera's noise stays as it is, since nobody could foresee it.
  const Head head = sample_head(identity, 0);
  for (const HeadMotion& now : shown) {
    clip.frames.push_back(head);
    clip.frames.back().pose = now.pose;
    clip.frames.back().expression = now.expression;
  }
  return clip;
}

}  // namespace animate::heads
