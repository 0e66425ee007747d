#include "models/driven_model.h"

#include <torch/types.h>

namespace animate {

std::vector<Motion> DrivenModel::extract_motions(const Crop& driving) const {
  std::vector<Motion> motions;
  for (const torch::Tensor& image : driving.image.split(1)) motions.push_back(extract_motion({image}));
  return motions;
}

torch::Tensor DrivenModel::render_batch(const Source& source, std::span<const Motion> driving, const Motion& reference,
                                        const MotionOptions& options) const {
  std::vector<torch::Tensor> frames;
  for (const Motion& motion : driving) frames.push_back(render(source, motion, reference, options));
  return torch::cat(frames);
}

}  // namespace animate
