#include "motion/motion_template.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/file_kind.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors_writer.h"

namespace animate::motion {
namespace {

constexpr const char* kFormat = "animate-motion";
constexpr const char* kVersion = "1";

std::string rational_text(const Rational& r) { return fmt::format("{}/{}", r.num, r.den); }

std::optional<Rational> parse_rational(const std::string& text) {
  Rational r;
  const char* end = text.data() + text.size();
  const auto num = std::from_chars(text.data(), end, r.num);
  if (num.ec != std::errc() || num.ptr == end || *num.ptr != '/') return std::nullopt;
  const auto den = std::from_chars(num.ptr + 1, end, r.den);
  if (den.ec != std::errc() || den.ptr != end || !r.positive()) return std::nullopt;
  return r;
}

std::vector<int64_t> read_ticks(const checkpoint::CheckpointScope& scope, const std::string& name,
                                const std::string& shown) {
  check(scope.contains(name) && scope.info(name).dtype == checkpoint::DType::I64 && scope.info(name).shape.size() == 1,
        ErrorKind::Input, "{}: the motion template has no usable '{}'; make it again with `animate template`", shown,
        name);
  std::vector<int64_t> ticks(static_cast<size_t>(scope.info(name).numel()));
  scope.read(name, std::as_writable_bytes(std::span(ticks)));
  return ticks;
}

// One array of all frames, stacked: [N, ...].
FloatArray stacked(const std::vector<Motion>& frames, const std::string& name) {
  FloatArray all{frames.front().arrays.at(name).shape, {}};
  check(!all.shape.empty() && all.shape[0] == 1, ErrorKind::Internal, "a motion array '{}' that is not [1, ...]", name);
  for (const Motion& frame : frames) {
    const auto found = frame.arrays.find(name);
    check(found != frame.arrays.end() && found->second.shape == all.shape &&
              checkpoint::checked_numel(all.shape) == static_cast<int64_t>(found->second.values.size()),
          ErrorKind::Internal, "frames of one motion template differ in '{}'", name);
    all.values.insert(all.values.end(), found->second.values.begin(), found->second.values.end());
  }
  all.shape[0] = static_cast<int64_t>(frames.size());
  return all;
}

template <typename T>
checkpoint::ArrayToWrite to_write(std::string name, checkpoint::DType dtype, const std::vector<int64_t>& shape,
                                  const std::vector<T>& values) {
  return {std::move(name), {dtype, shape, checkpoint::contiguous_strides(shape)}, std::as_bytes(std::span(values))};
}

}  // namespace

void MotionTemplate::save(const std::filesystem::path& path) const {
  check(!frames.empty() && pts.size() == frames.size() && duration.size() == frames.size(), ErrorKind::Internal,
        "a motion template without frames, or with other times than frames");
  std::map<std::string, FloatArray> motion;
  for (const auto& [name, first] : frames.front().arrays) motion["motion." + name] = stacked(frames, name);
  std::vector<checkpoint::ArrayToWrite> arrays;
  arrays.reserve(motion.size() + 2);
  for (const auto& [name, all] : motion)
    arrays.push_back(to_write(name, checkpoint::DType::F32, all.shape, all.values));
  const std::vector<int64_t> count{static_cast<int64_t>(frames.size())};
  arrays.push_back(to_write("pts", checkpoint::DType::I64, count, pts));
  arrays.push_back(to_write("duration", checkpoint::DType::I64, count, duration));
  checkpoint::write_safetensors(path, arrays,
                                {{"format", kFormat},
                                 {"format_version", kVersion},
                                 {"family", family},
                                 {"model", model},
                                 {"frame_rate", rational_text(frame_rate)},
                                 {"time_base", rational_text(time_base)},
                                 {"audio_path", audio_path},
                                 {"audio_start", fmt::format("{}", audio_start)}});
}

bool MotionTemplate::matches(const std::filesystem::path& path) {
  try {
    const auto checkpoint = checkpoint::Checkpoint::open(path);
    const auto format = checkpoint.metadata().find("format");
    return format != checkpoint.metadata().end() && format->second == kFormat;
  } catch (const Error&) {
    return false;
  }
}

MotionTemplate MotionTemplate::load(const std::filesystem::path& path) {
  require_file(path, "a motion template");
  const checkpoint::Checkpoint checkpoint = checkpoint::Checkpoint::open(path);
  const std::string& shown = checkpoint.name();
  const auto meta = [&checkpoint](const char* key) {
    const auto found = checkpoint.metadata().find(key);
    return found == checkpoint.metadata().end() ? std::string() : found->second;
  };
  check(meta("format") == kFormat, ErrorKind::Input,
        "{}: is not a motion template; make one with `animate template -d clip.mp4 -o clip.motion`", shown);
  check(meta("format_version") == kVersion, ErrorKind::Input,
        "{}: is a motion template of format {}, this program reads {}; make it again or update", shown,
        meta("format_version"), kVersion);

  MotionTemplate result;
  result.family = meta("family");
  result.model = meta("model");
  result.audio_path = meta("audio_path");
  const auto frame_rate = parse_rational(meta("frame_rate"));
  const auto time_base = parse_rational(meta("time_base"));
  check(frame_rate && time_base, ErrorKind::Input,
        "{}: the motion template has no usable frame rate; make it again with `animate template`", shown);
  result.frame_rate = *frame_rate;
  result.time_base = *time_base;
  const std::string start = meta("audio_start");
  std::from_chars(start.data(), start.data() + start.size(), result.audio_start);

  const checkpoint::CheckpointScope all = checkpoint.scope("");
  result.pts = read_ticks(all, "pts", shown);
  result.duration = read_ticks(all, "duration", shown);
  const auto count = static_cast<int64_t>(result.pts.size());
  check(count > 0 && result.duration.size() == result.pts.size(), ErrorKind::Input,
        "{}: the motion template holds no frames; make it again with `animate template`", shown);
  for (size_t i = 1; i < result.pts.size(); ++i) {
    check(result.pts[i] > result.pts[i - 1], ErrorKind::Input,
          "{}: the motion template's times do not increase; make it again with `animate template`", shown);
  }
  result.frames.resize(result.pts.size());
  const checkpoint::CheckpointScope motion = checkpoint.scope("motion");
  check(!motion.empty(), ErrorKind::Input,
        "{}: the motion template holds no motion; make it again with `animate template`", shown);
  for (const std::string& name : motion.names()) {
    const checkpoint::ArrayInfo& info = motion.info(name);
    check(!info.shape.empty() && info.shape[0] == count && info.dtype == checkpoint::DType::F32, ErrorKind::Input,
          "{}: '{}' of the motion template does not hold {} frames; make it again with `animate template`", shown, name,
          count);
    std::vector<float> values(static_cast<size_t>(info.numel()));
    motion.read(name, std::as_writable_bytes(std::span(values)));
    check(std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }), ErrorKind::Input,
          "{}: '{}' of the motion template holds NaN or infinite values; make it again with `animate template`", shown,
          name);
    std::vector<int64_t> shape = info.shape;
    shape[0] = 1;
    const auto size = static_cast<std::ptrdiff_t>(values.size()) / count;
    for (int64_t i = 0; i < count; ++i) {
      const auto first = values.begin() + i * size;
      result.frames[static_cast<size_t>(i)].arrays[name] = {shape, {first, first + size}};
    }
  }
  return result;
}

}  // namespace animate::motion
