#pragma once

#include <torch/types.h>

#include <array>
#include <string>
#include <vector>

#include "models/video_diffusion/unet.h"
#include "train/ldm_clips.h"
#include "train/ldm_config.h"
#include "train/training_task.h"

namespace animate::train {

// At low levels the noisy clip itself gives the answer away, so a network is measured at higher ones, too.
inline constexpr std::array<double, 3> kMeasuredSigmas{3, 10, 80};

// How well a network denoises held-out clips, beside what needs no network at all
// (models/video_ldm/README.md#figures): mean squared differences of the frames that nobody knows, latents of
// deviation 1.
class DenoisingFigures {
 public:
  // Draws and encodes the clips, which takes a while. The config has to outlive it.
  DenoisingFigures(const LdmTrainConfig& config, const LdmClips& clips);

  // "mse_sigma_3" … with the trivial guess's error as the most that is wanted, and "trivial" itself; for a prediction
  // of one and of two known frames. What the temporal stage has to be better than is the image network frame by frame.
  std::vector<Figure> of(const models::video_diffusion::VideoUnetImpl& unet);

 private:
  double error(const models::video_diffusion::VideoUnetImpl& unet, double sigma, int64_t known) const;
  double trivial_error(int64_t known) const;

  const LdmTrainConfig& config_;
  LdmBatch held_out_;
  torch::Tensor mean_;  // of training's latents, [1, 1, c, h, w]
};

// A look at a network: rows of latents [R, C, c, h, w]. In the image stage held-out pictures, what is seen of them in
// noise of sigma 3 and 10, and what the network samples; else two held-out clips, each above what is sampled from its
// known frames.
torch::Tensor denoising_rows(const LdmTrainConfig& config, const LdmClips& clips,
                             const models::video_diffusion::VideoUnetImpl& unet);

}  // namespace animate::train
