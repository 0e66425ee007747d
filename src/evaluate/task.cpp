#include "evaluate/task.h"

#include <array>

#include "core/tensor_image.h"

namespace animate::evaluate {

std::span<const FigureKind> reconstruction_kinds() {
  static constexpr auto kinds = std::to_array<FigureKind>({
      {"l1", "L1", "0..1", 4},
      {"psnr", "PSNR", "dB", 2},
      {"ssim", "SSIM", "0..1", 4},
      {"keypoint_error", "keypoints", "[-1,1]", 4},
      {"feature_error", "eyes, nose, mouth", "[-1,1]", 4},
      {"frame_error", "Jacobians", "abs", 4},
      {"akd", "AKD", "px", 3},
      {"mkr", "MKR", "0..1", 4},
      {"aed", "AED", "squared", 4},
      {"jitter", "jitter", "[-1,1]", 5},
      {"jitter_real", "jitter real", "[-1,1]", 5},
  });
  return kinds;
}

MotionOptions absolute_motion() {
  MotionOptions options;
  options.relative = false;
  options.relative_jacobian = false;
  return options;
}

void judge_frame(const Task& task, const std::string& item, int64_t frame, const torch::Tensor& driving,
                 const torch::Tensor& result, Tally& tally) {
  check(
      result.sizes() == driving.sizes(), ErrorKind::Model,
      "{}: paints {}x{} pixels for frames of {}x{}, which cannot be compared; use a frame size that its networks keep",
      task.model.info().name, result.size(3), result.size(2), driving.size(3), driving.size(2));
  tally.add("l1", mean_absolute_difference(driving, result));
  tally.add("psnr", peak_signal_to_noise(driving, result));
  tally.add("ssim", structural_similarity(driving, result));
  if (task.judge != nullptr) task.judge->judge(core::to_image(driving), core::to_image(result), tally);
  if (task.keep) task.keep(item, frame, driving, result);
}

}  // namespace animate::evaluate
