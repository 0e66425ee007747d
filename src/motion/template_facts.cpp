#include "motion/template_facts.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "motion/face_template.h"
#include "motion/rotation.h"
#include "motion/template_clock.h"

namespace animate::motion {
namespace {

void widen(ValueRange& range, double value, bool first) {
  range.low = first ? value : std::min(range.low, value);
  range.high = first ? value : std::max(range.high, value);
}

double distance(const Point3& a, const Point3& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

TemplateFacts::Face face_facts(const FaceTemplate& face) {
  TemplateFacts::Face facts;
  const Points3& start = face.frames.front().motion.expression;
  facts.points = start.size();
  facts.canonical = face.has_canonical();
  facts.ratios = face.has_ratios();
  for (size_t i = 0; i < face.frames.size(); ++i) {
    const FaceMotion& motion = face.frames[i].motion;
    const HeadPose pose = head_pose(motion.rotation);
    widen(facts.pitch, pose.pitch, i == 0);
    widen(facts.yaw, pose.yaw, i == 0);
    widen(facts.roll, pose.roll, i == 0);
    widen(facts.scale, motion.scale, i == 0);
    for (size_t k = 0; k < std::min(start.size(), motion.expression.size()); ++k) {
      const double change = distance(motion.expression[k], start[k]);
      if (change <= facts.expression_change) continue;
      facts.expression_change = change;
      facts.expression_frame = i;
    }
  }
  return facts;
}

}  // namespace

TemplateFacts facts_of(const MotionTemplate& motion, const std::string& shown) {
  TemplateFacts facts;
  facts.family = motion.family;
  facts.model = motion.model;
  facts.frames = motion.frames.size();
  facts.frame_rate = motion.frame_rate;
  facts.seconds = length_of(motion);
  facts.steady = is_steady(motion);
  facts.sound = motion.audio_path;
  for (const auto& [name, array] : motion.frames.front().arrays) {
    facts.arrays.push_back(fmt::format("{} [{}]", name, fmt::join(array.shape, ", ")));
  }
  if (motion.family == kLivePortraitFamily) facts.face = face_facts(to_face_template(motion, shown));
  return facts;
}

}  // namespace animate::motion
