#include "motion/face_template.h"

#include <algorithm>
#include <initializer_list>

#include "base/error.h"

namespace animate::motion {
namespace {

FloatArray array_of(const Points3& points) {
  FloatArray array{{1, static_cast<int64_t>(points.size()), 3}, {}};
  for (const Point3& point : points) array.values.insert(array.values.end(), point.begin(), point.end());
  return array;
}

std::string shape_text(const std::vector<int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

const std::vector<float>& values_of(const Motion& motion, const char* name, std::initializer_list<int64_t> shape) {
  const auto found = motion.arrays.find(name);
  check(found != motion.arrays.end(), ErrorKind::Input,
        "the motion has no '{}', which LivePortrait needs; make the template with this model", name);
  const std::vector<int64_t> wanted = shape;
  check(found->second.shape == wanted, ErrorKind::Input,
        "the motion's '{}' has the shape {}, LivePortrait needs {}; make the template with this model", name,
        shape_text(found->second.shape), shape_text(wanted));
  return found->second.values;
}

Points3 points_of(const std::vector<float>& values) {
  Points3 points(values.size() / 3);
  for (size_t k = 0; k < points.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) points[k][axis] = values[3 * k + axis];
  }
  return points;
}

}  // namespace

Motion to_motion(const FaceFrame& frame) {
  const FaceMotion& face = frame.motion;
  Motion motion;
  motion.arrays["exp"] = array_of(face.expression);
  motion.arrays["R"] = array_of({face.rotation.begin(), face.rotation.end()});
  motion.arrays["t"] = {{1, 3}, {face.translation.begin(), face.translation.end()}};
  motion.arrays["scale"] = {{1, 1}, {face.scale}};
  if (!face.canonical.empty()) motion.arrays["kp"] = array_of(face.canonical);
  if (frame.ratios) {
    motion.arrays["c_eyes"] = {{1, 2}, {frame.ratios->eyes.begin(), frame.ratios->eyes.end()}};
    motion.arrays["c_lip"] = {{1, 1}, {frame.ratios->lip}};
  }
  return motion;
}

FaceFrame to_face_frame(const Motion& motion) {
  const auto has = [&motion](const char* name) { return motion.arrays.contains(name); };
  const auto expression = motion.arrays.find("exp");
  const bool usable = expression != motion.arrays.end() && expression->second.shape.size() == 3;
  const int64_t points = usable ? expression->second.shape[1] : 21;
  check(points > 0, ErrorKind::Input, "the motion has no points; make the template with this model");
  FaceFrame frame;
  frame.motion.expression = points_of(values_of(motion, "exp", {1, points, 3}));
  const Points3 rows = points_of(values_of(motion, "R", {1, 3, 3}));
  std::copy(rows.begin(), rows.end(), frame.motion.rotation.begin());
  const auto& translation = values_of(motion, "t", {1, 3});
  std::copy(translation.begin(), translation.end(), frame.motion.translation.begin());
  frame.motion.scale = values_of(motion, "scale", {1, 1})[0];
  if (has("kp")) frame.motion.canonical = points_of(values_of(motion, "kp", {1, points, 3}));
  if (has("c_eyes") || has("c_lip")) {
    const auto& eyes = values_of(motion, "c_eyes", {1, 2});
    frame.ratios = OpenRatios{{eyes[0], eyes[1]}, values_of(motion, "c_lip", {1, 1})[0]};
  }
  return frame;
}

MotionTemplate to_motion_template(const FaceTemplate& face) {
  MotionTemplate stored;
  stored.family = kLivePortraitFamily;
  stored.model = face.model;
  stored.frame_rate = face.frame_rate;
  stored.time_base = face.time_base;
  stored.audio_path = face.audio_path;
  stored.audio_start = face.audio_start;
  stored.pts = face.pts;
  stored.duration = face.duration;
  for (const FaceFrame& frame : face.frames) stored.frames.push_back(to_motion(frame));
  return stored;
}

FaceTemplate to_face_template(const MotionTemplate& stored, const std::string& shown) {
  check(stored.family == kLivePortraitFamily, ErrorKind::Input,
        "{}: holds motion of the model family {}, not of LivePortrait; make the template with a LivePortrait model",
        shown, stored.family);
  FaceTemplate face;
  face.model = stored.model;
  face.frame_rate = stored.frame_rate;
  face.time_base = stored.time_base;
  face.audio_path = stored.audio_path;
  face.audio_start = stored.audio_start;
  face.pts = stored.pts;
  face.duration = stored.duration;
  try {
    for (const Motion& motion : stored.frames) face.frames.push_back(to_face_frame(motion));
  } catch (const Error& error) {
    fail(error.kind(), "{}: {}", shown, error.what());
  }
  return face;
}

}  // namespace animate::motion
