#include "models/liveportrait/appearance_feature_extractor.h"

#include <algorithm>

#include "base/error.h"
#include "core/nn/blocks_3d.h"

namespace animate::models::liveportrait {

AppearanceFeatureExtractorImpl::AppearanceFeatureExtractorImpl(const AppearanceConfig& c) : config(c) {
  first = register_module("first", core::nn::SameBlock2d(c.image_channel, c.block_expansion, 3));
  int64_t width = c.block_expansion;
  for (int64_t i = 0; i < c.num_down_blocks; ++i) {
    const int64_t next = std::min(c.max_features, c.block_expansion << (i + 1));
    down_blocks->push_back(core::nn::DownBlock2d(width, next));
    width = next;
  }
  register_module("down_blocks", down_blocks);
  second = register_module("second", torch::nn::Conv2d(torch::nn::Conv2dOptions(width, c.max_features, 1)));
  const auto named = register_module("resblocks_3d", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < c.num_resblocks; ++i) {
    resblocks->push_back(named->register_module(fmt::format("3dr{}", i), core::nn::ResBlock3d(c.reshape_channel)));
  }
}

torch::Tensor AppearanceFeatureExtractorImpl::forward(const torch::Tensor& image) {
  auto x = first->forward(image);
  for (const auto& block : *down_blocks) x = block->as<core::nn::DownBlock2d>()->forward(x);
  x = second->forward(x);
  // A map's channel index is c * depth + d.
  x = x.view({x.size(0), config.reshape_channel, config.reshape_depth, x.size(2), x.size(3)});
  for (const auto& block : *resblocks) x = block->as<core::nn::ResBlock3d>()->forward(x);
  return x;
}

}  // namespace animate::models::liveportrait
