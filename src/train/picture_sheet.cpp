#include "train/picture_sheet.h"

#include <algorithm>
#include <cstring>

#include "animate/image.h"
#include "dataset/sheet_file.h"

namespace animate::train {
namespace {

constexpr int64_t kRows = 4;

torch::Tensor shown(const torch::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return tensor.detach().narrow(0, 0, std::min(kRows, tensor.size(0))).to(torch::kCPU, torch::kFloat).contiguous();
}

}  // namespace

void write_picture_sheet(const std::filesystem::path& path, const TrainingBatch& batch, const GeneratorPass& pass) {
  core::VisualizerInput columns;
  columns.source = batch.source;
  columns.source_keypoints = pass.source.value;
  columns.transformed = pass.transformed_frame;
  columns.transformed_keypoints = pass.transformed.value;
  columns.driving = batch.driving;
  columns.driving_keypoints = pass.driving.value;
  columns.prediction = pass.generated.prediction;
  columns.occlusion_map = pass.generated.motion.occlusion_map;
  write_sheet(path, columns);
}

void write_sheet(const std::filesystem::path& path, core::VisualizerInput columns) {
  const torch::NoGradGuard no_grad;
  for (torch::Tensor* column :
       {&columns.source, &columns.source_keypoints, &columns.transformed, &columns.transformed_keypoints,
        &columns.driving, &columns.driving_keypoints, &columns.deformed, &columns.prediction,
        &columns.applied_keypoints, &columns.occlusion_map, &columns.sparse_deformed, &columns.mask}) {
    *column = shown(*column);
  }
  const auto pixels = core::visualize(columns, {}).contiguous();
  Image image(static_cast<int>(pixels.size(1)), static_cast<int>(pixels.size(0)));
  std::memcpy(image.data(), pixels.data_ptr<uint8_t>(), image.size_bytes());
  dataset::save_sheet(path, image);
}

}  // namespace animate::train
