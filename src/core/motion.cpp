#include "core/motion.h"

#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/file_kind.h"
#include "core/weights.h"

namespace animate {
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

std::vector<int64_t> read_ticks(const CheckpointScope& scope, const std::string& name, const std::string& shown) {
  check(scope.contains(name) && scope.info(name).dtype == DType::I64 && scope.info(name).shape.size() == 1,
        ErrorKind::Input, "{}: the motion template has no usable '{}'; make it again with `animate template`", shown,
        name);
  const torch::Tensor ticks = read_tensor(scope, name);
  const auto* data = ticks.data_ptr<int64_t>();
  return {data, data + ticks.numel()};
}

}  // namespace

Motion Motion::to(const torch::Device& device) const {
  Motion moved;
  for (const auto& [name, tensor] : tensors) moved.tensors[name] = tensor.to(device);
  return moved;
}

void MotionTemplate::save(const std::filesystem::path& path) const {
  std::map<std::string, torch::Tensor> stored;
  check(!frames.empty(), ErrorKind::Internal, "a motion template without frames");
  for (const auto& [name, first] : frames.front().tensors) {
    std::vector<torch::Tensor> rows;
    rows.reserve(frames.size());
    for (const Motion& frame : frames) rows.push_back(frame.tensors.at(name));
    stored["motion." + name] = torch::cat(rows, 0);
  }
  stored["pts"] = torch::tensor(pts, torch::kInt64);
  stored["duration"] = torch::tensor(duration, torch::kInt64);
  save_tensors(path, stored,
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
    const auto checkpoint = Checkpoint::open(path);
    const auto format = checkpoint.metadata().find("format");
    return format != checkpoint.metadata().end() && format->second == kFormat;
  } catch (const Error&) {
    return false;
  }
}

MotionTemplate MotionTemplate::load(const std::filesystem::path& path) {
  require_file(path, "a motion template");
  const Checkpoint checkpoint = Checkpoint::open(path);
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

  const CheckpointScope all = checkpoint.scope("");
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
  const CheckpointScope motion = checkpoint.scope("motion");
  check(!motion.empty(), ErrorKind::Input,
        "{}: the motion template holds no motion; make it again with `animate template`", shown);
  for (const std::string& name : motion.names()) {
    const ArrayInfo& info = motion.info(name);
    check(!info.shape.empty() && info.shape[0] == count && info.dtype == DType::F32, ErrorKind::Input,
          "{}: '{}' of the motion template does not hold {} frames; make it again with `animate template`", shown, name,
          count);
    const torch::Tensor stacked = read_tensor(motion, name);
    check(torch::isfinite(stacked).all().item<bool>(), ErrorKind::Input,
          "{}: '{}' of the motion template holds NaN or infinite values; make it again with `animate template`", shown,
          name);
    for (int64_t i = 0; i < count; ++i) {
      result.frames[static_cast<size_t>(i)].tensors[name] = stacked.narrow(0, i, 1);
    }
  }
  return result;
}

}  // namespace animate
