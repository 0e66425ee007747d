#include "core/nn/hourglass_3d.h"

#include <vector>

#include "base/error.h"
#include "core/nn/blocks_3d.h"
#include "core/nn/fast_block.h"

namespace animate::core::nn {
namespace {

// A level of names that the computation does not need: encoder.down_blocks.0.
struct ScopeImpl : torch::nn::Module {};

}  // namespace

Hourglass3dImpl::Hourglass3dImpl(const HourglassOptions& opts) : options(opts) {
  const int64_t n = options.num_blocks;
  for (int64_t i = 0; i < n; ++i) {
    down_blocks->push_back(DownBlock3d(i == 0 ? options.in_channels : options.features(i), options.features(i + 1)));
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    // All but the first also receive the skip connection, which has the same width.
    up_blocks->push_back(UpBlock3d((i == n - 1 ? 1 : 2) * options.features(i + 1), options.features(i)));
  }
  const auto encoder = register_module("encoder", std::make_shared<ScopeImpl>());
  encoder->register_module("down_blocks", down_blocks);
  decoder_ = register_module("decoder", std::make_shared<ScopeImpl>());
  decoder_->register_module("up_blocks", up_blocks);
  const int64_t width = options.out_channels();
  conv = decoder_->register_module("conv", same_convolution_3d(width, width, 3));
  norm = decoder_->register_module("norm", BatchNorm2d(width));
}

void Hourglass3dImpl::fold() {
  if (norm.is_empty()) return;
  fold_into(*conv, *norm);
  decoder_->unregister_module("norm");
  norm = nullptr;
}

void Hourglass3dImpl::use_fast_convolutions(ConvMode mode) { fast_ = fast_relu(*conv, mode); }

torch::Tensor Hourglass3dImpl::forward(const torch::Tensor& x) {
  const int64_t multiple = int64_t{1} << options.num_blocks;
  check(x.size(3) % multiple == 0 && x.size(4) % multiple == 0, ErrorKind::Model,
        "the feature map inside the network is {}x{}, which is not a multiple of {}; use the frame size the model was "
        "made for",
        x.size(4), x.size(3), multiple);
  std::vector<torch::Tensor> kept{x};
  for (const auto& block : *down_blocks) kept.push_back(block->as<DownBlock3d>()->forward(kept.back()));
  auto out = kept.back();
  kept.pop_back();
  for (const auto& block : *up_blocks) {
    out = torch::cat({block->as<UpBlock3d>()->forward(out), kept.back()}, 1);
    kept.pop_back();
  }
  return fast_ ? fast_->forward(out) : normalise_relu(norm, conv->forward(out));
}

}  // namespace animate::core::nn
