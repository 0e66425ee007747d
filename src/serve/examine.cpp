#include "serve/examine.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_suffix.h"
#include "motion/template_file.h"
#include "serve/jpeg.h"
#include "serve/json_file.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;

constexpr int kPictureSide = 1280;
constexpr int kThumbnailSide = 256;
// A detector's time grows with the pixels, and heads smaller than a sixteenth of the picture are not looked for anyway.
constexpr int kDetectorSide = 1600;

std::string suffix_for(const std::string& kind, const std::string& name) {
  const std::string given = lower_suffix(name);
  if (kind == "picture") return has_picture_suffix(name) ? given : ".jpg";
  if (kind == "video") return has_clip_suffix(name) ? given : ".mp4";
  if (kind == "template") return given == ".pkl" ? ".pkl" : ".motion";
  return ".sound";
}

SeenFace enlarged(const SeenFace& seen, double times, const Image& picture) {
  const auto scaled = [times](const FaceBox& box) {
    return FaceBox{box.x * times, box.y * times, box.width * times, box.height * times};
  };
  SeenFace result{scaled(seen.face), scaled(seen.head)};
  FaceBox& head = result.head;
  head.x = std::floor(head.x);
  head.y = std::floor(head.y);
  const double side = std::floor(std::min({head.width, picture.width() - head.x, picture.height() - head.y}));
  head.width = side;
  head.height = side;
  return result;
}

}  // namespace

FileFacts Examiner::examine(const fs::path& content, const std::string& name) {
  FileFacts facts;
  PathNames names;
  names.add(content, name);
  const auto refuse = [&names](int status, const Error& error) -> Refusal {
    if (error.kind() == ErrorKind::DiskFull) return {507, kDiskFull};
    return {status, names.shown(error.what())};
  };
  if (motion::is_motion_template(content)) {
    try {
      const motion::MotionTemplate motion = motion::load_motion_template(content);
      facts.kind = "template";
      facts.family = motion.family;
      facts.frames = static_cast<int64_t>(motion.frames.size());
      if (motion.frame_rate.positive()) facts.seconds = static_cast<double>(*facts.frames) / motion.frame_rate.value();
    } catch (const Error& error) {
      throw refuse(415, error);
    }
    facts.suffix = suffix_for(facts.kind, name);
    return facts;
  }
  try {
    const auto told = nlohmann::json::parse(engine_.make_toolbox()->inspect(content));
    facts.kind = told.at("kind");
    facts.width = told.value("width", 0);
    facts.height = told.value("height", 0);
    if (facts.kind == "video" && told.contains("seconds")) facts.seconds = told.at("seconds").get<double>();
    if (facts.kind == "video" && told.contains("frames_by_header"))
      facts.frames = told.at("frames_by_header").get<int64_t>();
    facts.has_sound = told.contains("audio_codec");
  } catch (const Error& error) {
    throw refuse(415, error);
  }
  if (facts.seconds && *facts.seconds > longest_clip_) {
    throw Refusal(413, fmt::format("{}: is {:.0f} s long, and clips of at most {:.0f} s are taken; cut it", name,
                                   *facts.seconds, longest_clip_));
  }
  facts.suffix = suffix_for(facts.kind, name);
  try {
    if (facts.kind != "sound") look(content, facts);
  } catch (const Error& error) {
    throw refuse(status_of(error.kind()), error);
  }
  return facts;
}

void Examiner::look(const fs::path& content, FileFacts& facts) {
  const std::scoped_lock lock(mutex_);
  if (!reader_) reader_ = engine_.make_picture_reader();
  const Image picture = reader_->read(content);
  facts.width = picture.width();
  facts.height = picture.height();
  const Image small = reader_->shrink(picture, kDetectorSide);
  const double times = static_cast<double>(picture.width()) / small.width();
  for (const SeenFace& seen : reader_->faces(small)) facts.faces.push_back(enlarged(seen, times, picture));
  write_bytes(content.parent_path() / "picture.jpg", encode_jpeg(reader_->shrink(small, kPictureSide), 88));
  write_bytes(content.parent_path() / "thumbnail.jpg", encode_jpeg(reader_->shrink(small, kThumbnailSide), 85));
}

}  // namespace animate::serve
