#include "models/driven_model.h"

#include <torch/types.h>

namespace animate::models {

std::vector<motion::Motion> DrivenModel::extract_motions(const Crop& driving) const {
  std::vector<motion::Motion> motions;
  for (const torch::Tensor& image : driving.image.split(1)) motions.push_back(extract_motion({image}));
  return motions;
}

torch::Tensor DrivenModel::render_batch(const Source& source, std::span<const motion::Motion> driving,
                                        const motion::Motion& reference, const MotionOptions& options) const {
  std::vector<torch::Tensor> frames;
  for (const motion::Motion& motion : driving) frames.push_back(render(source, motion, reference, options));
  return torch::cat(frames);
}

}  // namespace animate::models
