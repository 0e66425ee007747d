#include "train/picture_sheet.h"

#include <algorithm>
#include <cstring>

#include "animate/image.h"
#include "core/visualizer.h"
#include "models/fomm/occlusion_aware_generator.h"
#ifdef ANIMATE_WITH_MEDIA
#include "media/image_io.h"
#else
#include "base/plain_picture.h"
#endif

namespace animate::train {
namespace {

constexpr int64_t kRows = 4;

torch::Tensor shown(const torch::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return tensor.detach().narrow(0, 0, std::min(kRows, tensor.size(0))).to(torch::kCPU, torch::kFloat).contiguous();
}

}  // namespace

void write_picture_sheet(const std::filesystem::path& path, const TrainingBatch& batch, const GeneratorPass& pass) {
  const torch::NoGradGuard no_grad;
  VisualizerInput input;
  input.source = shown(batch.source);
  input.source_keypoints = shown(pass.source.value);
  input.transformed = shown(pass.transformed_frame);
  input.transformed_keypoints = shown(pass.transformed.value);
  input.driving = shown(batch.driving);
  input.driving_keypoints = shown(pass.driving.value);
  input.prediction = shown(pass.generated.prediction);
  input.occlusion_map = shown(pass.generated.motion.occlusion_map);
  const auto pixels = visualize(input, {}).contiguous();
  Image image(static_cast<int>(pixels.size(1)), static_cast<int>(pixels.size(0)));
  std::memcpy(image.data(), pixels.data_ptr<uint8_t>(), image.size_bytes());
#ifdef ANIMATE_WITH_MEDIA
  save_image(path, image);
#else
  auto plain = path;
  save_ppm(plain.replace_extension(".ppm"), image);
#endif
}

}  // namespace animate::train
