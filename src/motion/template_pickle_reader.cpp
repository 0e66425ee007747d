#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/frame_rate_text.h"
#include "base/log.h"
#include "base/path_text.h"
#include "checkpoint/mapped_file.h"
#include "checkpoint/printable.h"
#include "motion/numpy_pickle.h"
#include "motion/template_pickle.h"
#include "motion/template_pickle_layout.h"

namespace animate::motion {
namespace {

using Id = NumpyPickle::Id;
using Shape = std::vector<int64_t>;

// Two and a half hours at 30 frames a second. A list may name one frame any number of times for two bytes each.
constexpr size_t kMaxFrames = size_t{1} << 18;

const Shape kPointsShape{1, kTemplatePoints, 3};

class TemplateReader {
 public:
  TemplateReader(std::span<const std::byte> bytes, const std::string& shown) : pickle_(bytes, shown), shown_(shown) {}

  FaceTemplate read() const {
    const Id root = pickle_.root();
    require(pickle_.is_dict(root), "holds no dict");
    const auto& motion = list(root, "motion", "motion");
    require(!motion.empty(), "holds no frames");
    require(motion.size() <= kMaxFrames, fmt::format("holds more than {} frames", kMaxFrames));
    check_count(motion.size());

    FaceTemplate face;
    face.frames.resize(motion.size());
    for (size_t i = 0; i < motion.size(); ++i) face.frames[i].motion = face_motion(motion[i], i);
    const bool canonical = face.has_canonical();
    for (size_t i = 0; i < motion.size(); ++i) {
      require(face.frames[i].motion.canonical.empty() != canonical,
              fmt::format("has canonical points in some frames only (frame {} differs)", i));
    }
    read_ratios(face);
    read_times(face);
    return face;
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    fail(ErrorKind::Input, "{}: as a motion template of LivePortrait it {}; make it again", shown_, what);
  }
  void require(bool condition, std::string_view what) const {
    if (!condition) refuse(what);
  }

  // The frames themselves count. One number that disagrees is a leftover of an edit, unless frames it speaks of are
  // gone: nobody can tell then whether the file lost them.
  void check_count(size_t frames) const {
    const auto stated = pickle_.find(pickle_.root(), "n_frames");
    const auto count = stated ? pickle_.integer(*stated) : std::nullopt;
    if (!count) {
      return log::warn("{}: the motion template has no whole number 'n_frames'; the frames it holds are taken ({})",
                       shown_, frames);
    }
    if (*count > static_cast<int64_t>(frames)) {
      fail(ErrorKind::Input,
           "{}: as a motion template of LivePortrait it says it has {} frames and holds {}; make it again, or set its "
           "'n_frames' to {} if the others were cut on purpose",
           shown_, *count, frames, frames);
    }
    if (*count < static_cast<int64_t>(frames)) {
      log::warn("{}: the motion template's 'n_frames' is {}; all the frames it holds are taken ({})", shown_, *count,
                frames);
    }
  }

  const std::vector<Id>& list(Id dict, std::string_view key, std::string_view what) const {
    const auto found = pickle_.find(dict, key);
    const auto* items = found ? pickle_.items(*found) : nullptr;
    if (items == nullptr) refuse(fmt::format("has no list '{}'", what));
    return *items;
  }

  std::vector<float> floats(Id id, const std::string& what, const Shape& expected) const {
    const Shape shape = pickle_.shape(id, what);
    if (!means(shape, expected)) {
      refuse(fmt::format("has {} with the shape [{}] instead of [{}]", what, fmt::join(shape, ", "),
                         fmt::join(expected, ", ")));
    }
    std::vector<float> values = pickle_.floats(id, what);
    for (const float value : values)
      require(std::isfinite(value), fmt::format("has NaN or infinite values in {}", what));
    return values;
  }

  // Whether numbers of one shape can only be meant as those of another: axes of one entry may be missing, and points
  // may lie in one row, as the network that finds them gives them.
  static bool means(const Shape& shape, const Shape& expected) {
    if (shape == expected) return true;
    Shape left = squeezed(shape);
    const Shape wanted = squeezed(expected);
    return left == wanted || (expected == kPointsShape && left == Shape{wanted[0] * wanted[1]});
  }
  static Shape squeezed(Shape shape) {
    std::erase(shape, 1);
    return shape;
  }

  // The array under the first of `keys` that the frame has; the second is how older files call it.
  std::vector<float> of_frame(Id frame, size_t number, const char* key, const char* older, const Shape& shape) const {
    auto found = pickle_.find(frame, key);
    if (!found && older != nullptr) found = pickle_.find(frame, older);
    require(found.has_value(), fmt::format("has no '{}' in frame {}", key, number));
    return floats(*found, fmt::format("'{}' of frame {}", key, number), shape);
  }

  FaceMotion face_motion(Id frame, size_t number) const {
    require(pickle_.is_dict(frame), fmt::format("has a frame {} that is no dict", number));
    const auto points = [](const std::vector<float>& values) {
      Points3 result(values.size() / 3);
      for (size_t i = 0; i < values.size(); ++i) result[i / 3][i % 3] = values[i];
      return result;
    };
    FaceMotion motion;
    motion.scale = of_frame(frame, number, "scale", nullptr, {1, 1})[0];
    const auto rotation = of_frame(frame, number, "R", "R_d", {1, 3, 3});
    for (size_t i = 0; i < rotation.size(); ++i) motion.rotation[i / 3][i % 3] = rotation[i];
    motion.expression = points(of_frame(frame, number, "exp", nullptr, kPointsShape));
    const auto translation = of_frame(frame, number, "t", nullptr, {1, 3});
    std::copy(translation.begin(), translation.end(), motion.translation.begin());
    if (pickle_.find(frame, "kp")) {
      motion.canonical = points(of_frame(frame, number, "kp", nullptr, kPointsShape));
    }
    return motion;
  }

  // The list under `key` or under its name in older files, unless there is nothing in it: programs that make motion
  // from sound store no list, None, an empty one or one of None.
  const std::vector<Id>* ratios(const char* key, const char* older) const {
    auto found = pickle_.find(pickle_.root(), key);
    if (!found) found = pickle_.find(pickle_.root(), older);
    if (!found || pickle_.is_none(*found)) return nullptr;
    const auto* items = pickle_.items(*found);
    if (items == nullptr) refuse(fmt::format("has no list '{}'", key));
    const bool nothing = std::all_of(items->begin(), items->end(), [this](Id id) { return pickle_.is_none(id); });
    return nothing ? nullptr : items;
  }

  // Files of the animals' layout have no ratios, nor have many of other programs.
  void read_ratios(FaceTemplate& face) const {
    const auto* eyes = ratios("c_eyes_lst", "c_d_eyes_lst");
    const auto* lips = ratios("c_lip_lst", "c_d_lip_lst");
    if (eyes == nullptr && lips == nullptr) return;
    if (eyes == nullptr || lips == nullptr) {
      return log::warn("{}: the motion template tells how far {} are open, not {} ('{}'), so neither can be retargeted",
                       shown_, eyes == nullptr ? "lips" : "eyes", eyes == nullptr ? "eyes" : "lips",
                       eyes == nullptr ? "c_eyes_lst" : "c_lip_lst");
    }
    require(
        eyes->size() == face.frames.size() && lips->size() == face.frames.size(),
        fmt::format("has {} frames, {} eye ratios and {} lip ratios", face.frames.size(), eyes->size(), lips->size()));
    for (size_t i = 0; i < face.frames.size(); ++i) {
      const auto eye = floats((*eyes)[i], fmt::format("'c_eyes_lst' {}", i), {1, 2});
      const auto lip = floats((*lips)[i], fmt::format("'c_lip_lst' {}", i), {1, 1});
      face.frames[i].ratios = OpenRatios{{eye[0], eye[1]}, lip[0]};
    }
  }

  void read_times(FaceTemplate& face) const {
    const auto stated = pickle_.find(pickle_.root(), "output_fps");
    const auto rate = stated ? pickle_.number(*stated) : std::optional(25.0);  // the original's own default
    require(rate && *rate > 0 && *rate <= kHighestFrameRate, "has no usable number of frames a second in 'output_fps'");
    if (read_own(face, *rate)) return;
    face.frame_rate = nearest_frame_rate(*rate);
    face.time_base = {face.frame_rate.den, face.frame_rate.num};
    face.pts.resize(face.frames.size());
    std::iota(face.pts.begin(), face.pts.end(), 0);
    face.duration.assign(face.frames.size(), 1);
  }

  std::optional<Rational> rational(Id dict, std::string_view key) const {
    const auto found = pickle_.find(dict, key);
    const auto* parts = found ? pickle_.items(*found) : nullptr;
    if (parts == nullptr || parts->size() != 2) return std::nullopt;
    const auto num = pickle_.integer((*parts)[0]);
    const auto den = pickle_.integer((*parts)[1]);
    if (!num || !den || *num <= 0 || *den <= 0) return std::nullopt;
    return Rational{*num, *den};
  }

  std::optional<std::vector<int64_t>> ticks(Id dict, std::string_view key, size_t count) const {
    const auto found = pickle_.find(dict, key);
    const auto* items = found ? pickle_.items(*found) : nullptr;
    if (items == nullptr || items->size() != count) return std::nullopt;
    std::vector<int64_t> result;
    for (const Id id : *items) {
      const auto tick = pickle_.integer(id);
      if (!tick) return std::nullopt;
      result.push_back(*tick);
    }
    return result;
  }

  // What only our writer stores. Somebody who edits the rest in Python may leave it behind, so it counts only as long
  // as it agrees with the frames and their rate.
  bool read_own(FaceTemplate& face, double rate) const {
    const auto own = pickle_.find(pickle_.root(), kOwnKey);
    if (!own || !pickle_.is_dict(*own)) return false;
    const auto version = pickle_.find(*own, "version");
    if (!version || pickle_.integer(*version) != kOwnVersion) return false;
    const auto frame_rate = rational(*own, "frame_rate");
    const auto time_base = rational(*own, "time_base");
    auto pts = ticks(*own, "pts", face.frames.size());
    auto duration = ticks(*own, "duration", face.frames.size());
    const auto model = pickle_.find(*own, "model");
    const auto audio_path = pickle_.find(*own, "audio_path");
    const auto audio_start = pickle_.find(*own, "audio_start");
    if (!frame_rate || !time_base || !pts || !duration || !model || !audio_path || !audio_start) return false;
    const auto model_text = pickle_.text(*model);
    const auto path_text = pickle_.text(*audio_path);
    const auto start = pickle_.number(*audio_start);
    if (!model_text || !path_text || !is_utf8(*model_text) || !is_utf8(*path_text) || !start || !std::isfinite(*start))
      return false;
    if (frame_rate->value() > kHighestFrameRate || static_cast<double>(rounded_rate(*frame_rate)) != rate) return false;
    for (size_t i = 1; i < pts->size(); ++i) {
      if ((*pts)[i] <= (*pts)[i - 1]) return false;
    }
    face.model = *model_text;
    face.frame_rate = *frame_rate;
    face.time_base = *time_base;
    face.audio_path = *path_text;
    face.audio_start = *start;
    face.pts = std::move(*pts);
    face.duration = std::move(*duration);
    return true;
  }

  NumpyPickle pickle_;
  const std::string& shown_;
};

}  // namespace

bool is_pickle(const std::filesystem::path& path) { return file_kind_of(path) == FileKind::Pickle; }

FaceTemplate read_template_pickle(const std::filesystem::path& path) {
  require_file(path, "a motion template");
  refuse_failed_download(path);
  const checkpoint::MappedFile file(path);
  return parse_template_pickle(file.bytes(), show(path));
}

FaceTemplate parse_template_pickle(std::span<const std::byte> bytes, const std::string& shown) {
  check(sniff(bytes) == FileKind::Pickle, ErrorKind::Input,
        "{}: is no motion template of LivePortrait, which is a Python pickle; give another file", shown);
  return TemplateReader(bytes, shown).read();
}

}  // namespace animate::motion
