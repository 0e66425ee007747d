#include "evaluate/clip_reconstruction.h"

#include <algorithm>
#include <bit>

#include "base/file_suffix.h"
#include "base/log.h"
#include "core/tensor_image.h"
#include "dataset/clip_files.h"
#include "evaluate/keypoint_set.h"
#include "media/image_io.h"

namespace animate::evaluate {
namespace {

namespace fs = std::filesystem;

// Frames lying in the folder itself make one clip; strips, which data sets keep in the same way, are at least twice as
// wide as high.
bool is_one_clip(const fs::path& folder) {
  std::vector<fs::path> pictures;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(".")) continue;
    if (entry.is_directory() || !has_written_picture_suffix(entry.path())) return false;
    pictures.push_back(entry.path());
  }
  if (pictures.empty()) return false;
  const media::PictureFacts facts = media::picture_facts(*std::min_element(pictures.begin(), pictures.end()));
  return facts.width < 2 * facts.height;
}

// A strip is cut by the model's frame size; everything else has frames of its own size.
dataset::FrameSize frame_size_of(const fs::path& clip, const models::ModelInfo& info) {
  std::error_code ec;
  const std::string suffix = lower_suffix(clip);
  const bool strip = !fs::is_directory(clip, ec) && (suffix == ".png" || suffix == ".jpg");
  return strip ? dataset::FrameSize{info.frame_width, info.frame_height} : dataset::FrameSize{};
}

// One clip on its way through the model.
class Reconstruction {
 public:
  Reconstruction(const Task& task, std::string name, Tally& tally)
      : task_(task), name_(std::move(name)), tally_(tally), motion_(absolute_motion()) {}

  void add(const Image& image) {
    const models::ModelInfo& info = task_.model.info();
    const auto frame = core::to_tensor(image, info.frame_height, info.frame_width);
    if (source_ == nullptr) {
      picture_ = frame;
      source_ = task_.model.encode_source({frame});
    }
    const motion::Motion driving = task_.model.extract_motion({frame});
    const auto result = task_.model.render(*source_, driving, driving, motion_);
    judge_frame(task_, name_, frames_, frame, result.to(torch::kCPU), tally_);
    if (const auto keypoints = keypoints_of(driving)) {
      real_.add(*keypoints);
      if (const auto found = keypoints_of(task_.model.extract_motion({result}))) jitter_.add(*found);
    }
    // The clip's length is not known before its end: the last frame whose number is a power of two is shown.
    if (std::has_single_bit(static_cast<uint64_t>(frames_)) || shown_frame_.numel() == 0) {
      shown_frame_ = frame;
      shown_result_ = result;
    }
    ++frames_;
  }

  void finish(bool shown) {
    if (const auto mean = jitter_.mean()) tally_.add("jitter", *mean);
    if (const auto mean = real_.mean()) tally_.add("jitter_real", *mean);
    if (shown) task_.sheet.add(picture_, shown_frame_, shown_frame_, shown_result_);
  }

  int64_t frames() const { return frames_; }

 private:
  const Task& task_;
  std::string name_;
  Tally& tally_;
  MotionOptions motion_;
  std::unique_ptr<const models::Source> source_;
  torch::Tensor picture_, shown_frame_ = torch::empty({0}), shown_result_;
  Jitter jitter_, real_;
  int64_t frames_ = 0;
};

}  // namespace

std::vector<fs::path> clips_of(const EvaluateJob& job) {
  const fs::path& data = *job.data;
  std::error_code ec;
  if (!fs::is_directory(data, ec) || is_one_clip(data)) return {data};
  auto list = dataset::list_clips(data, 0);
  auto& clips = list.test;
  if (list.random_split && list.train != clips) {
    log::info("{}: has no test part; {} of its {} clips are measured, those that training by the same rule leaves out",
              show(data), clips.size(), clips.size() + list.train.size());
  }
  const auto most = static_cast<size_t>(job.options.clips);
  if (most > 0 && clips.size() > most) clips.resize(most);
  return clips;
}

EvaluatedPart reconstruct_clips(const Task& task, const std::vector<fs::path>& clips) {
  const models::ModelInfo& info = task.model.info();
  Tally tally(reconstruction_kinds());
  task.progress.start("reconstruction", std::nullopt);
  int64_t done = 0;
  bool warned = false;
  for (size_t i = 0; i < clips.size(); ++i) {
    // Without a slash at its end a path's last part is its name.
    const std::string name = (clips[i].has_filename() ? clips[i] : clips[i].parent_path()).filename().string();
    tally.begin(name);
    Reconstruction clip(task, name, tally);
    dataset::visit_frames(clips[i], frame_size_of(clips[i], info), [&](const Image& image) {
      task.stop_if_asked();
      if (!warned && (image.width() != info.frame_width || image.height() != info.frame_height)) {
        log::warn("{}: frames of {}x{} are resized to the model's {}x{}", show(clips[i]), image.width(), image.height(),
                  info.frame_width, info.frame_height);
        warned = true;
      }
      clip.add(image);
      task.progress.advance(++done);
      return true;
    });
    check(clip.frames() > 0, ErrorKind::Input, "{}: has no frames; give clips with frames", show(clips[i]));
    clip.finish(static_cast<int64_t>(i) < kSheetRows);
  }
  task.progress.finish(done);
  return tally.finish("reconstruction", fmt::format("{} clips, {} frames, each clip from its first frame, absolute "
                                                    "keypoints",
                                                    clips.size(), done));
}

}  // namespace animate::evaluate
