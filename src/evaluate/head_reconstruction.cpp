#include "evaluate/head_reconstruction.h"

#include <array>

#include "evaluate/keypoint_set.h"
#include "heads/head_renderer.h"

namespace animate::evaluate {
namespace {

void compare_keypoints(const std::array<motion::Motion, 2>& motions, const std::array<heads::Head, 2>& pair,
                       Tally& tally) {
  double points = 0, features = 0, frames = 0;
  bool has_frames = true;
  for (size_t i = 0; i < 2; ++i) {
    const auto found = keypoints_of(motions[i]);
    if (!found || !are_of_a_head(*found)) return;
    const KeypointSet truth = first_of(keypoints_of(heads::truth_of(pair[i])), found->points.size());
    features += feature_error(*found, truth) / 2;
    points += keypoint_error(*found, truth) / 2;
    has_frames = has_frames && !found->frames.empty();
    if (has_frames) frames += frame_error(*found, truth) / 2;
  }
  tally.add("keypoint_error", points);
  tally.add("feature_error", features);
  if (has_frames) tally.add("frame_error", frames);
}

}  // namespace

void check_square(const models::DrivenModel& model) {
  const models::ModelInfo& info = model.info();
  check(info.frame_width == info.frame_height, ErrorKind::Model,
        "{}: has frames of {}x{}, and drawn heads are square; evaluate it with --data FOLDER", info.name,
        info.frame_width, info.frame_height);
}

EvaluatedPart reconstruct_heads(const Task& task) {
  const EvaluateOptions& options = task.job.options;
  const heads::RenderOptions drawing{task.model.info().frame_width, task.model.device(), 0};
  const MotionOptions motion = absolute_motion();
  Tally tally(reconstruction_kinds());
  task.progress.start("reconstruction", options.heads * options.pairs);
  int64_t done = 0;
  for (int64_t i = 0; i < options.heads; ++i) {
    const auto seed = static_cast<uint64_t>(options.seed + i);
    const std::string item = fmt::format("head-{}", seed);
    tally.begin(item);
    for (int64_t p = 0; p < options.pairs; ++p) {
      task.stop_if_asked();
      const auto index = static_cast<uint64_t>(2 * p);
      const std::array pair{heads::sample_head(seed, index), heads::sample_head(seed, index + 1)};
      const auto pictures = heads::render_heads(pair, drawing);
      const models::Crop source{pictures.narrow(0, 0, 1).contiguous()}, driving{pictures.narrow(0, 1, 1).contiguous()};
      const auto encoded = task.model.encode_source(source);
      const std::array motions{task.model.extract_motion(source), task.model.extract_motion(driving)};
      const auto result = task.model.render(*encoded, motions[1], motions[1], motion).to(torch::kCPU);
      const auto truth = driving.image.to(torch::kCPU);
      judge_frame(task, item, p, truth, result, tally);
      compare_keypoints(motions, pair, tally);
      if (p == 0 && i < kSheetRows) task.sheet.add(source.image, truth, truth, result);
      task.progress.advance(++done);
    }
  }
  task.progress.finish(done);
  return tally.finish("reconstruction", fmt::format("{} drawn heads from seed {} on, {} pairs each, absolute keypoints",
                                                    options.heads, options.seed, options.pairs));
}

}  // namespace animate::evaluate
