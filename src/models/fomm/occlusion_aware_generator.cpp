#include "models/fomm/occlusion_aware_generator.h"

#include <algorithm>
#include <string>

namespace animate::fomm {

torch::Tensor warp(const torch::Tensor& image, const torch::Tensor& deformation, AlignCorners align) {
  if (deformation.size(1) == image.size(2) && deformation.size(2) == image.size(3)) {
    return sample_bilinear(image, deformation, align);
  }
  const auto resized = interpolate_bilinear(deformation.permute({0, 3, 1, 2}), image.size(2), image.size(3));
  return sample_bilinear(image, resized.permute({0, 2, 3, 1}), align);
}

OcclusionAwareGeneratorImpl::OcclusionAwareGeneratorImpl(const Config& config) {
  const GeneratorConfig& c = config.generator;
  const auto features = [&c](int64_t i) { return std::min(c.max_features, c.block_expansion << i); };
  // Registered in the order of the published state dict (spec section 7).
  if (c.has_dense_motion) {
    dense_motion_network = register_module("dense_motion_network", DenseMotionNetwork(config));
  }
  first = register_module("first", nn::SameBlock2d(config.num_channels, c.block_expansion, 7));
  for (int64_t i = 0; i < c.num_down_blocks; ++i) down_blocks->push_back(nn::DownBlock2d(features(i), features(i + 1)));
  for (int64_t i = c.num_down_blocks; i > 0; --i) up_blocks->push_back(nn::UpBlock2d(features(i), features(i - 1)));
  for (int64_t i = 0; i < c.num_bottleneck_blocks; ++i) {
    bottleneck->push_back("r" + std::to_string(i), nn::ResBlock2d(features(c.num_down_blocks)));
  }
  register_module("down_blocks", down_blocks);
  register_module("up_blocks", up_blocks);
  register_module("bottleneck", bottleneck);
  final = register_module(
      "final", torch::nn::Conv2d(torch::nn::Conv2dOptions(c.block_expansion, config.num_channels, 7).padding(3)));
}

EncodedSource OcclusionAwareGeneratorImpl::encode(const torch::Tensor& source) {
  EncodedSource encoded;
  encoded.features = first->forward(source);
  for (const auto& block : *down_blocks) encoded.features = block->as<nn::DownBlock2d>()->forward(encoded.features);
  if (!dense_motion_network.is_empty()) encoded.small = dense_motion_network->shrink(source);
  return encoded;
}

torch::Tensor OcclusionAwareGeneratorImpl::warp_features(const EncodedSource& source, const DenseMotion& motion,
                                                         AlignCorners align) {
  auto features = warp(source.features, motion.deformation, align);
  if (!motion.occlusion_map.defined()) return features;
  auto occlusion = motion.occlusion_map;
  if (occlusion.size(2) != features.size(2) || occlusion.size(3) != features.size(3)) {
    occlusion = interpolate_bilinear(occlusion, features.size(2), features.size(3));
  }
  return features * occlusion;
}

torch::Tensor OcclusionAwareGeneratorImpl::refine(const torch::Tensor& features) {
  return bottleneck->is_empty() ? features : bottleneck->forward(features);
}

torch::Tensor OcclusionAwareGeneratorImpl::decode(const torch::Tensor& features) {
  auto out = features;
  for (const auto& block : *up_blocks) out = block->as<nn::UpBlock2d>()->forward(out);
  return torch::sigmoid(final->forward(out));
}

OcclusionAwareGeneratorImpl::Output OcclusionAwareGeneratorImpl::generate(const EncodedSource& source,
                                                                          const Keypoints& driving,
                                                                          const Keypoints& source_keypoints,
                                                                          AlignCorners align) {
  Output out;
  out.bottleneck_in = source.features;
  if (!dense_motion_network.is_empty()) {
    out.motion = dense_motion_network->forward(source.small, driving, source_keypoints, align);
    out.bottleneck_in = warp_features(source, out.motion, align);
  }
  out.prediction = decode(refine(out.bottleneck_in));
  return out;
}

}  // namespace animate::fomm
