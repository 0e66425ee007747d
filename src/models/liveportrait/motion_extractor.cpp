#include "models/liveportrait/motion_extractor.h"

#include "motion/rotation.h"

namespace animate::models::liveportrait {
namespace {

Points3 to_points(const torch::Tensor& flat) {
  const auto values = flat.to(torch::kCPU, torch::kFloat).contiguous();
  const float* data = values.data_ptr<float>();
  Points3 points(static_cast<size_t>(values.numel() / 3));
  for (Point3& point : points) {
    point = {data[0], data[1], data[2]};
    data += 3;
  }
  return points;
}

}  // namespace

MotionExtractorImpl::MotionExtractorImpl(const MotionExtractorConfig& config) {
  const auto detector = register_module("detector", std::make_shared<torch::nn::Module>());
  for (size_t i = 0; i < config.dims.size(); ++i) {
    torch::nn::ModuleList layers;
    if (i == 0) {
      layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, config.dims[0], 4).stride(4)));
      layers->push_back(LayerNorm(config.dims[0]));
    } else {
      layers->push_back(LayerNorm(config.dims[i - 1]));
      layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(config.dims[i - 1], config.dims[i], 2).stride(2)));
    }
    downsample_layers->push_back(layers);
    torch::nn::ModuleList blocks;
    for (int64_t j = 0; j < config.depths[i]; ++j) blocks->push_back(ConvNextBlock(config.dims[i]));
    stages->push_back(blocks);
  }
  detector->register_module("downsample_layers", downsample_layers);
  detector->register_module("stages", stages);
  const int64_t width = config.dims.back();
  const auto head = [&](const char* name, int64_t out) {
    return detector->register_module(name, torch::nn::Linear(width, out));
  };
  norm = detector->register_module("norm", LayerNorm(width));
  fc_kp = head("fc_kp", 3 * config.num_kp);
  fc_scale = head("fc_scale", 1);
  fc_pitch = head("fc_pitch", config.num_bins);
  fc_yaw = head("fc_yaw", config.num_bins);
  fc_roll = head("fc_roll", config.num_bins);
  fc_t = head("fc_t", 3);
  fc_exp = head("fc_exp", 3 * config.num_kp);
}

torch::Tensor MotionExtractorImpl::downsample(int64_t stage, const torch::Tensor& x) {
  auto& layers = *downsample_layers[static_cast<size_t>(stage)]->as<torch::nn::ModuleList>();
  if (stage == 0) {
    return layers[1]->as<LayerNorm>()->forward_maps(layers[0]->as<torch::nn::Conv2d>()->forward(x));
  }
  return layers[1]->as<torch::nn::Conv2d>()->forward(layers[0]->as<LayerNorm>()->forward_maps(x));
}

RawMotion MotionExtractorImpl::forward(const torch::Tensor& image) {
  auto x = image;
  for (size_t i = 0; i < stages->size(); ++i) {
    x = downsample(static_cast<int64_t>(i), x);
    for (const auto& block : *stages[i]->as<torch::nn::ModuleList>()) x = block->as<ConvNextBlock>()->forward(x);
  }
  const auto code = norm->forward(x.mean({2, 3}));
  return {fc_pitch->forward(code), fc_yaw->forward(code),   fc_roll->forward(code), fc_t->forward(code),
          fc_exp->forward(code),   fc_scale->forward(code), fc_kp->forward(code)};
}

motion::FaceMotion to_face_motion(const RawMotion& raw, int64_t index) {
  const auto degrees = [index](const torch::Tensor& logits) {
    const auto row = logits[index].to(torch::kCPU, torch::kFloat).contiguous();
    return motion::degrees_from_bins({row.data_ptr<float>(), static_cast<size_t>(row.numel())});
  };
  motion::FaceMotion motion;
  motion.rotation = motion::rotation_matrix({degrees(raw.pitch), degrees(raw.yaw), degrees(raw.roll)});
  motion.canonical = to_points(raw.kp[index]);
  motion.expression = to_points(raw.exp[index]);
  motion.translation = to_points(raw.t[index]).front();
  motion.scale = raw.scale[index].item<float>();
  return motion;
}

}  // namespace animate::models::liveportrait
