#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/frame_rate_text.h"
#include "base/path_text.h"
#include "base/temp_file.h"
#include "base/write_errors.h"
#include "checkpoint/printable.h"
#include "motion/numpy_pickle_writer.h"
#include "motion/template_pickle.h"
#include "motion/template_pickle_layout.h"

namespace animate::motion {
namespace {

void write_points(NumpyPickleWriter& out, std::string_view key, const Points3& points) {
  std::vector<float> values;
  for (const Point3& point : points) values.insert(values.end(), point.begin(), point.end());
  out.text(key);
  out.array({1, static_cast<int64_t>(points.size()), 3}, values);
}

void write_frame(NumpyPickleWriter& out, const FaceMotion& motion) {
  out.begin_dict();
  out.text("scale");
  out.array({1, 1}, {motion.scale});
  write_points(out, "R", {motion.rotation.begin(), motion.rotation.end()});
  write_points(out, "exp", motion.expression);
  out.text("t");
  out.array({1, 3}, {motion.translation.begin(), motion.translation.end()});
  if (!motion.canonical.empty()) {
    write_points(out, "kp", motion.canonical);
    write_points(out, "x_s", motion.keypoints());
  }
  out.end_dict();
}

void write_rational(NumpyPickleWriter& out, std::string_view key, const Rational& value) {
  out.text(key);
  out.begin_list();
  out.integer(value.num);
  out.integer(value.den);
  out.end_list();
}

void write_integers(NumpyPickleWriter& out, std::string_view key, const std::vector<int64_t>& values) {
  out.text(key);
  out.begin_list();
  for (const int64_t value : values) out.integer(value);
  out.end_list();
}

void write_own(NumpyPickleWriter& out, const FaceTemplate& face) {
  out.text(kOwnKey);
  out.begin_dict();
  out.text("version");
  out.integer(kOwnVersion);
  out.text("model");
  out.text(face.model);
  write_rational(out, "frame_rate", face.frame_rate);
  write_rational(out, "time_base", face.time_base);
  out.text("audio_path");
  out.text(face.audio_path);
  out.text("audio_start");
  out.number(face.audio_start);
  write_integers(out, "pts", face.pts);
  write_integers(out, "duration", face.duration);
  out.end_dict();
}

std::string pickle_of(const FaceTemplate& face) {
  NumpyPickleWriter out;
  out.begin_dict();
  out.text("n_frames");
  out.integer(static_cast<int64_t>(face.frames.size()));
  out.text("output_fps");
  out.integer(rounded_rate(face.frame_rate));
  out.text("motion");
  out.begin_list();
  for (const FaceFrame& frame : face.frames) write_frame(out, frame.motion);
  out.end_list();
  if (face.has_ratios()) {
    out.text("c_eyes_lst");
    out.begin_list();
    for (const FaceFrame& frame : face.frames) out.array({1, 2}, {frame.ratios->eyes[0], frame.ratios->eyes[1]});
    out.end_list();
    out.text("c_lip_lst");
    out.begin_list();
    for (const FaceFrame& frame : face.frames) out.array({1, 1}, {frame.ratios->lip});
    out.end_list();
  }
  write_own(out, face);
  out.end_dict();
  return std::move(out).finish();
}

}  // namespace

std::string template_pickle_bytes(const FaceTemplate& face, const std::string& shown) {
  check(!face.frames.empty() && face.pts.size() == face.frames.size() && face.duration.size() == face.frames.size(),
        ErrorKind::Internal, "a motion template without frames, or with other times than frames");
  for (const FaceFrame& frame : face.frames) {
    const size_t points = frame.motion.expression.size();
    check(points == static_cast<size_t>(kTemplatePoints), ErrorKind::Input,
          "{}: motion templates of LivePortrait hold {} points, this motion has {}; write a .motion file instead",
          shown, kTemplatePoints, points);
    check(frame.motion.canonical.empty() != face.has_canonical() && frame.ratios.has_value() == face.has_ratios(),
          ErrorKind::Internal, "frames of one motion template differ in what they hold");
  }
  check(is_utf8(face.model) && is_utf8(face.audio_path), ErrorKind::Input,
        "{}: the name of the model or of the sound is not UTF-8, which a pickle needs; rename the sound file", shown);
  check(face.frame_rate.value() <= kHighestFrameRate, ErrorKind::Input,
        "{}: {}/{} frames a second are more than LivePortrait's templates may have ({}); lower them with `animate "
        "template retime --fps`",
        shown, face.frame_rate.num, face.frame_rate.den, kHighestFrameRate);
  return pickle_of(face);
}

void write_template_pickle(const std::filesystem::path& path, const FaceTemplate& face) {
  const std::string bytes = template_pickle_bytes(face, show(path));
  TempFile file(path);
  std::ofstream out(file.path(), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  check_written(out, path);
  file.commit();
}

}  // namespace animate::motion
