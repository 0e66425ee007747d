#include "models/fomm/occlusion_aware_generator.h"

#include <algorithm>
#include <string>

namespace animate::models::fomm {

namespace {

// A source's one map for every frame of a batch; nothing is copied.
torch::Tensor for_batch(const torch::Tensor& map, int64_t batch) {
  return map.size(0) == batch ? map : map.expand({batch, -1, -1, -1});
}

torch::Tensor resized(const torch::Tensor& map, int64_t height, int64_t width) {
  if (map.size(2) == height && map.size(3) == width) return map;
  return core::interpolate_bilinear(map, height, width);
}

torch::Tensor resized_field(const torch::Tensor& deformation, int64_t height, int64_t width) {
  return resized(deformation.permute({0, 3, 1, 2}), height, width).permute({0, 2, 3, 1});
}

// A map that every frame will be sampled from: with the channels last, as the sampler and the decoder have them.
torch::Tensor to_sample(const torch::Tensor& map) {
  return torch::GradMode::is_enabled() ? map : map.contiguous(torch::MemoryFormat::ChannelsLast);
}

// What the skips of one frame need of its motion, resized once for all maps of a size.
class SkipBlend {
 public:
  SkipBlend(const DenseMotion& motion, core::AlignCorners align, core::Padding padding)
      : motion_(motion), align_(align), padding_(padding) {}

  // `painted` where the source is hidden, the warped `map` of the source where it is visible. Works at the size and in
  // the type of `painted`, which is half where the motion field is float.
  torch::Tensor operator()(const torch::Tensor& painted, const torch::Tensor& map) {
    const int64_t height = painted.size(2);
    const int64_t width = painted.size(3);
    if (!field_.defined() || field_.size(1) != height || field_.size(2) != width) {
      field_ = resized_field(motion_.deformation, height, width);
      visible_ = resized(motion_.occlusion_map, height, width);
    }
    const auto taken =
        core::sample_bilinear(for_batch(map.to(field_.scalar_type()), field_.size(0)), field_, align_, padding_);
    return (painted + visible_ * (taken - painted)).to(painted.scalar_type());
  }

 private:
  const DenseMotion& motion_;
  core::AlignCorners align_;
  core::Padding padding_;
  torch::Tensor field_, visible_;
};

}  // namespace

torch::Tensor warp(const torch::Tensor& image, const torch::Tensor& deformation, core::AlignCorners align,
                   core::Padding padding) {
  const auto field = resized_field(deformation, image.size(2), image.size(3));
  return core::sample_bilinear(for_batch(image, field.size(0)), field, align, padding);
}

OcclusionAwareGeneratorImpl::OcclusionAwareGeneratorImpl(const Config& config)
    : skips_(config.generator.skips), padding_(config.generator.padding) {
  const GeneratorConfig& c = config.generator;
  const auto features = [&c](int64_t i) { return std::min(c.max_features, c.block_expansion << i); };
  // Registered in the order of the published state dict (models/fomm/README.md#weight-names).
  if (c.has_dense_motion) {
    dense_motion_network = register_module("dense_motion_network", DenseMotionNetwork(config));
  }
  first = register_module("first", core::nn::SameBlock2d(config.num_channels, c.block_expansion, 7));
  for (int64_t i = 0; i < c.num_down_blocks; ++i)
    down_blocks->push_back(core::nn::DownBlock2d(features(i), features(i + 1)));
  for (int64_t i = c.num_down_blocks; i > 0; --i)
    up_blocks->push_back(core::nn::UpBlock2d(features(i), features(i - 1)));
  for (int64_t i = 0; i < c.num_bottleneck_blocks; ++i) {
    bottleneck->push_back("r" + std::to_string(i), core::nn::ResBlock2d(features(c.num_down_blocks)));
  }
  register_module("down_blocks", down_blocks);
  register_module("up_blocks", up_blocks);
  register_module("bottleneck", bottleneck);
  final = register_module(
      "final", torch::nn::Conv2d(torch::nn::Conv2dOptions(c.block_expansion, config.num_channels, 7).padding(3)));
}

EncodedSource OcclusionAwareGeneratorImpl::encode(const torch::Tensor& source) {
  EncodedSource encoded;
  if (skips_) encoded.finer.push_back(source);
  encoded.features = first->forward(source);
  for (const auto& block : *down_blocks) {
    if (skips_) encoded.finer.push_back(to_sample(encoded.features));
    encoded.features = block->as<core::nn::DownBlock2d>()->forward(encoded.features);
  }
  // The motion network stays in float where the generator computes in sixteen bits.
  if (!dense_motion_network.is_empty()) encoded.small = dense_motion_network->shrink(source.to(torch::kFloat));
  return encoded;
}

torch::Tensor OcclusionAwareGeneratorImpl::warp_features(const EncodedSource& source, const DenseMotion& motion,
                                                         core::AlignCorners align) {
  auto features = warp(source.features, motion.deformation, align, padding_);
  if (!motion.occlusion_map.defined()) return features;
  return features * resized(motion.occlusion_map, features.size(2), features.size(3));
}

void OcclusionAwareGeneratorImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  fast_final_ = std::make_shared<const core::nn::FastConvolution>(final->weight, final->bias,
                                                                  core::nn::FastConvolution::Form{}, mode);
}

torch::Tensor OcclusionAwareGeneratorImpl::refine(const torch::Tensor& features) {
  return bottleneck->is_empty() ? features : bottleneck->forward(features);
}

torch::Tensor OcclusionAwareGeneratorImpl::decode(const torch::Tensor& features, const EncodedSource& source,
                                                  const DenseMotion& motion, core::AlignCorners align) {
  // Coarsest first, as the decoder goes; the map of the features' own size is warped already.
  auto skip = source.finer.rbegin();
  SkipBlend blend(motion, align, padding_);
  auto out = features;
  for (const auto& block : *up_blocks) {
    out = block->as<core::nn::UpBlock2d>()->forward(out);
    if (skips_) out = blend(out, *skip++);
  }
  out = torch::sigmoid(fast_final_ ? fast_final_->forward(out) : final->forward(out));
  return skips_ ? blend(out, *skip) : out;
}

OcclusionAwareGeneratorImpl::Output OcclusionAwareGeneratorImpl::generate(const EncodedSource& source,
                                                                          const Keypoints& driving,
                                                                          const Keypoints& source_keypoints,
                                                                          core::AlignCorners align) {
  Output out;
  out.bottleneck_in = source.features;
  if (!dense_motion_network.is_empty()) {
    out.motion = dense_motion_network->forward(source.small, driving, source_keypoints, align);
    out.bottleneck_in = warp_features(source, out.motion, align);
  }
  out.prediction = decode(refine(out.bottleneck_in), source, out.motion, align);
  return out;
}

}  // namespace animate::models::fomm
