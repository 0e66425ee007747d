#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <span>

#include "models/fomm/keypoints.h"

// Losses and figures of keypoints against the truth about drawn heads, point by point.
namespace animate::train {

// Names of the points in their order, for figures.
const char* name_of_point(int64_t point);

// Two points whose distance is an opening: lids and lips.
struct Opening {
  const char* name;
  int64_t upper, lower;
};
// Those that lie within num_kp points; without lids among them, none.
std::span<const Opening> openings(int64_t num_kp);
// Distance of the two points of each: points [B, K, 2] -> [B, openings].
torch::Tensor opening_distances(const torch::Tensor& points);

// How much each point counts, [B, K], summing to B: what speaks and looks counts three times what only frames a head;
// what is turned away, a quarter.
torch::Tensor point_weights(const torch::Tensor& visible);

// Weighted means of |found - truth|; the first is smoothed to a square below 0.01, where keypoints rest.
torch::Tensor weighted_point_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth,
                                  const torch::Tensor& weights);
torch::Tensor weighted_frame_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth,
                                  const torch::Tensor& weights);
// Cross-entropy of the heatmaps, given before their softmax [B, K, h, w], against a bump two pixels wide at the true
// points, whose coordinates lie between the picture's edges; weights [B, K]. A heatmap that is sure of a wrong place
// has no slope that leads its expected coordinate to the right one; this has. Points outside the picture do not count.
torch::Tensor heatmap_loss(const torch::Tensor& logits, const torch::Tensor& points, const torch::Tensor& weights,
                           core::GridEnds ends);
// Mean |found - true| distance of lids and of lips; zero without lids.
torch::Tensor opening_loss(const torch::Tensor& found, const torch::Tensor& truth);

// Pearson's correlation of two lists of numbers; 0 where one of them is constant.
double correlation(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace animate::train
