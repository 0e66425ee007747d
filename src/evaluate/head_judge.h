#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <filesystem>
#include <memory>

#include "core/nn/blocks_2d.h"
#include "heads/head_geometry.h"

namespace animate::evaluate {

// What the judge reads from a picture, in this order: the parameters that drew the head (heads/head_parameters.h).
enum Reading { kYaw, kMouth, kLeftEye, kRightEye, kReadings };

// The judge of drawn heads: a small network of its own that no painter was ever trained with, so that a painter cannot
// please it by habit. An encoder and decoder find the head's keypoints as the means of softmax maps; from the features
// that the same maps pick out, and from where the points lie, two linear layers tell the readings. Lids are two pixels
// apart: where they lie is found at half of the picture's resolution, from maps that are trained to be narrow.
struct HeadJudgeNetworkImpl : torch::nn::Module {
  static constexpr int64_t kSide = 128;  // pixels it sees
  static constexpr int64_t kPoints = heads::kKeypoints;

  HeadJudgeNetworkImpl();

  struct Output {
    torch::Tensor readings;  // [B, 4]: yaw in radians, mouth opening 0..1, openness of the left and the right eye 0..1
    torch::Tensor points;    // [B, 17, 2] in [-1, 1]
    torch::Tensor logits;    // [B, 17, 64, 64]: what the maps are the softmax of, less sharp
  };
  // pictures [B, 3, 128, 128] in [0, 1]
  Output forward(const torch::Tensor& pictures);

 private:
  core::nn::SameBlock2d first_{nullptr}, last_{nullptr};
  core::nn::DownBlock2d down0_{nullptr}, down1_{nullptr}, down2_{nullptr};
  core::nn::UpBlock2d up0_{nullptr}, up1_{nullptr}, up2_{nullptr};
  torch::nn::Conv2d maps_{nullptr};                      // one a point
  torch::nn::Conv2d hidden_{nullptr}, answer_{nullptr};  // linear layers, as 1 x 1 convolutions
};
TORCH_MODULE(HeadJudgeNetwork);

// The trained judge. Const and safe to use from several threads.
class HeadJudge {
 public:
  // The one that ships, looked for beside the program's configs as default/judge/heads.safetensors; nullptr where it is
  // not there. Throws Error(Model) for a file that is not a judge's weights.
  static std::unique_ptr<HeadJudge> find(const torch::Device& device);
  HeadJudge(const std::filesystem::path& weights, const torch::Device& device);

  // Pictures [B, 3, S, S] in [0, 1] of any size and device -> [B, kReadings] in double precision on the CPU.
  torch::Tensor read(const torch::Tensor& pictures) const;
  // The same pictures -> where it sees the head's keypoints, [B, 17, 2] in [-1, 1], in double precision on the CPU.
  torch::Tensor points(const torch::Tensor& pictures) const;

 private:
  torch::Device device_;
  mutable HeadJudgeNetwork network_;  // in eval mode: forward() changes nothing
};

// [B, 3, S, S] -> [B, 3, 128, 128]: means of the pixels that fall together, bilinear from smaller pictures.
torch::Tensor as_judge_sees(const torch::Tensor& pictures);

}  // namespace animate::evaluate
