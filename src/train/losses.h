#pragma once

#include <torch/types.h>

#include <array>
#include <span>
#include <vector>

#include "models/fomm/keypoints.h"
#include "train/tps_transform.h"

// The terms of FOMM's training loss (models/fomm/README.md#losses). Every function returns a scalar without the term's
// own weight, except where weights are an argument; means run over all elements. All are differentiable.
namespace animate::train {

// What a discriminator says about one pyramid level.
struct Judgement {
  std::vector<torch::Tensor> features;  // one a block
  torch::Tensor prediction;             // [B, 1, h, w]; 1 means real
};

// sum_i w_i mean|f_i - target_i| over the layers of one level; no gradient reaches the target.
torch::Tensor perceptual_loss(const std::vector<torch::Tensor>& features, const std::vector<torch::Tensor>& target,
                              std::span<const double> weights);

// Stands in for the perceptual loss where there is no VGG-19, for one level: w_0 L1 + w_1 L1 of the differences between
// neighbours + w_2 (1 - mean structural similarity in windows of 8 x 8, every fourth). Over the levels of a pyramid the
// last becomes a multi-scale measure. Images [B, C, H, W] in [0, 1]; no gradient reaches the target.
torch::Tensor structural_loss(const torch::Tensor& image, const torch::Tensor& target,
                              std::span<const double, 3> weights);

// mean|kp_driving - T(kp_transformed)|: keypoints follow a known transform of the frame.
torch::Tensor equivariance_value_loss(const models::fomm::Keypoints& driving,
                                      const models::fomm::Keypoints& transformed, const TpsTransform& transform);
// mean|I - J_driving^-1 J_T J_transformed|; both need Jacobians.
torch::Tensor equivariance_jacobian_loss(const models::fomm::Keypoints& driving,
                                         const models::fomm::Keypoints& transformed, const TpsTransform& transform);

// Least squares: sum over levels of mean (1 - D(fake))^2.
torch::Tensor generator_gan_loss(const std::vector<Judgement>& fake);
// Sum over levels of mean((1 - D(real))^2 + D(fake)^2).
torch::Tensor discriminator_gan_loss(const std::vector<Judgement>& real, const std::vector<Judgement>& fake);
// Sum over levels and blocks of w_i mean|real_i - fake_i|; gradients reach both sides, as in the original.
torch::Tensor feature_matching_loss(const std::vector<Judgement>& real, const std::vector<Judgement>& fake,
                                    std::span<const double> weights);

// Mean absolute difference of the pictures where one of the points [B, K, 2] is near: weighted by the largest of their
// Gaussian bumps, exp(-|z - point|^2 / 0.02). Eyes and mouth are a hundredth of a picture and would drown in its mean.
torch::Tensor keypoint_focus_loss(const torch::Tensor& image, const torch::Tensor& target, const torch::Tensor& points);

// Mean absolute difference to known keypoints, and to known local frames.
torch::Tensor keypoint_value_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth);
torch::Tensor keypoint_jacobian_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth);

}  // namespace animate::train
