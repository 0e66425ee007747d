#include "evaluate/head_judge.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/pixel_unshuffle.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "catalog/program_files.h"
#include "core/right_convolutions.h"
#include "core/weights.h"

namespace animate::evaluate {
namespace {

// The deviation of sample_pose: the network answers in numbers about 1.
constexpr double kYawUnit = 0.35;
constexpr int64_t kFeatures = 32;
constexpr double kSharpness = 10;  // as the keypoint detector's temperature of 0.1 does

torch::nn::Conv2d pointwise(int64_t in, int64_t out) { return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1)); }

}  // namespace

HeadJudgeNetworkImpl::HeadJudgeNetworkImpl() {
  first_ = register_module("first", core::nn::SameBlock2d(12, 24, 3));
  down0_ = register_module("down0", core::nn::DownBlock2d(24, 32));
  down1_ = register_module("down1", core::nn::DownBlock2d(32, 48));
  down2_ = register_module("down2", core::nn::DownBlock2d(48, 64));
  up0_ = register_module("up0", core::nn::UpBlock2d(64, 48));
  up1_ = register_module("up1", core::nn::UpBlock2d(96, 32));
  up2_ = register_module("up2", core::nn::UpBlock2d(64, 32));
  last_ = register_module("last", core::nn::SameBlock2d(56, kFeatures, 3));
  maps_ = register_module("maps", pointwise(kFeatures, kPoints));
  hidden_ = register_module("hidden", pointwise(kPoints * (kFeatures + 2), 96));
  answer_ = register_module("answer", pointwise(96, kReadings));
}

HeadJudgeNetworkImpl::Output HeadJudgeNetworkImpl::forward(const torch::Tensor& pictures) {
  // Four neighbours become channels: at full resolution a small network would only move memory.
  const auto half = first_->forward(at::pixel_unshuffle(pictures * 2 - 1, 2));  // 64 x 64
  const auto quarter = down0_->forward(half);
  const auto eighth = down1_->forward(quarter);
  auto up = up0_->forward(down2_->forward(eighth));  // 16 x 16
  up = up1_->forward(torch::cat({up, eighth}, 1));
  up = up2_->forward(torch::cat({up, quarter}, 1));                 // 64 x 64
  const auto features = last_->forward(torch::cat({up, half}, 1));  // [B, 32, 64, 64]
  const int64_t batch = pictures.size(0), side = features.size(3);
  const auto logits = maps_->forward(features);
  const auto weights = torch::softmax(logits.flatten(2) * kSharpness, 2);  // [B, 17, 4096]
  // What lies under each map, and where it lies.
  const auto line = (torch::arange(side, features.options()) + 0.5) * (2.0 / static_cast<double>(side)) - 1;
  const auto places = torch::stack(
      {line.view({1, side}).expand({side, side}).flatten(), line.view({side, 1}).expand({side, side}).flatten()}, 1);
  const auto points = torch::matmul(weights, places);                              // [B, 17, 2]
  const auto under = torch::matmul(weights, features.flatten(2).transpose(1, 2));  // [B, 17, 32]
  // Where the whole head lies must not matter.
  const auto relative = points - points.mean(1, true);
  const auto facts = torch::cat({under, relative * 4}, 2).view({batch, -1, 1, 1});
  const auto answers = answer_->forward(torch::relu(hidden_->forward(facts))).flatten(1);
  return {torch::cat({answers.narrow(1, 0, 1) * kYawUnit, answers.narrow(1, 1, kReadings - 1)}, 1), points, logits};
}

torch::Tensor as_judge_sees(const torch::Tensor& pictures) {
  constexpr int64_t side = HeadJudgeNetworkImpl::kSide;
  if (pictures.size(2) == side && pictures.size(3) == side) return pictures;
  if (pictures.size(2) > side && pictures.size(3) > side) return at::adaptive_avg_pool2d(pictures, {side, side});
  return at::upsample_bilinear2d(pictures, {side, side}, false);
}

std::unique_ptr<HeadJudge> HeadJudge::find(const torch::Device& device) {
  for (const auto& configs : catalog::program_configs()) {
    const auto weights = configs / "default/judge/heads.safetensors";
    std::error_code ec;
    if (std::filesystem::exists(weights, ec)) return std::make_unique<HeadJudge>(weights, device);
  }
  return nullptr;
}

HeadJudge::HeadJudge(const std::filesystem::path& weights, const torch::Device& device) : device_(device) {
  const checkpoint::Checkpoint file = checkpoint::Checkpoint::open(weights);
  core::load_state(*network_, file.scope(""), "head judge");
  if (device.is_cpu()) core::mend_convolutions();
  network_->to(device);
  network_->eval();
}

torch::Tensor HeadJudge::read(const torch::Tensor& pictures) const {
  const at::NoGradGuard no_gradients;
  const auto seen = as_judge_sees(pictures.to(device_, torch::kFloat32));
  return network_->forward(seen).readings.to(torch::kCPU, torch::kFloat64);
}

torch::Tensor HeadJudge::points(const torch::Tensor& pictures) const {
  const at::NoGradGuard no_gradients;
  const auto seen = as_judge_sees(pictures.to(device_, torch::kFloat32));
  return network_->forward(seen).points.to(torch::kCPU, torch::kFloat64);
}

}  // namespace animate::evaluate
