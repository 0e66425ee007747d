#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "models/liveportrait/config.h"
#include "models/liveportrait/convnext_v2.h"
#include "motion/face_motion.h"

namespace animate::models::liveportrait {

// What the heads give, before angles are read from their bins.
struct RawMotion {
  torch::Tensor pitch, yaw, roll;  // [B, num_bins] logits
  torch::Tensor t;                 // [B, 3]
  torch::Tensor exp;               // [B, 3K]
  torch::Tensor scale;             // [B, 1]
  torch::Tensor kp;                // [B, 3K]
};

// M (models/liveportrait/README.md#motion-extractor): head pose, expression and canonical keypoints of one face.
// A ConvNeXt V2 trunk and seven linear heads. [B, 3, H, W] in [0, 1], H and W multiples of 32.
struct MotionExtractorImpl : torch::nn::Module {
  explicit MotionExtractorImpl(const MotionExtractorConfig& config);
  RawMotion forward(const torch::Tensor& image);
  // The step in front of a stage: a quarter of the size before stage 0, half before the others.
  torch::Tensor downsample(int64_t stage, const torch::Tensor& x);

  torch::nn::ModuleList downsample_layers, stages;
  LayerNorm norm{nullptr};
  torch::nn::Linear fc_kp{nullptr}, fc_scale{nullptr}, fc_pitch{nullptr}, fc_yaw{nullptr}, fc_roll{nullptr},
      fc_t{nullptr}, fc_exp{nullptr};
};

// Batch item `index` as plain data.
motion::FaceMotion to_face_motion(const RawMotion& raw, int64_t index = 0);

}  // namespace animate::models::liveportrait
