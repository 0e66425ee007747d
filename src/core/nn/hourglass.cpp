#include "core/nn/hourglass.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "core/nn/blocks_2d.h"

namespace animate::core::nn {
namespace {

// The published names have one level more than the computation needs: encoder.down_blocks.0, decoder.up_blocks.0.
struct NamedListImpl : torch::nn::Module {
  NamedListImpl(const std::string& name, const torch::nn::ModuleList& list) { register_module(name, list); }
};

}  // namespace

int64_t HourglassOptions::features(int64_t i) const { return std::min(max_features, block_expansion << i); }

HourglassImpl::HourglassImpl(const HourglassOptions& opts) : options(opts) {
  const int64_t n = options.num_blocks;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t in = i == 0 ? options.in_channels : options.features(i);
    down_blocks->push_back(DownBlock2d(in, options.features(i + 1)));
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    // All but the first also receive the skip connection, which has the same width.
    const int64_t in = (i == n - 1 ? 1 : 2) * options.features(i + 1);
    up_blocks->push_back(UpBlock2d(in, options.features(i)));
  }
  register_module("encoder", std::make_shared<NamedListImpl>("down_blocks", down_blocks));
  register_module("decoder", std::make_shared<NamedListImpl>("up_blocks", up_blocks));
}

torch::Tensor HourglassImpl::forward(const torch::Tensor& x) {
  const int64_t multiple = int64_t{1} << options.num_blocks;
  check(
      x.size(2) % multiple == 0 && x.size(3) % multiple == 0, ErrorKind::Model,
      "frames of this size give a {}x{} map inside the network, which is not a multiple of {}; use the frame size the "
      "model was made for",
      x.size(3), x.size(2), multiple);
  std::vector<torch::Tensor> kept{x};
  for (const auto& block : *down_blocks) kept.push_back(block->as<DownBlock2d>()->forward(kept.back()));
  auto out = kept.back();
  kept.pop_back();
  for (const auto& block : *up_blocks) {
    out = torch::cat({block->as<UpBlock2d>()->forward(out), kept.back()}, 1);
    kept.pop_back();
  }
  return out;
}

}  // namespace animate::core::nn
