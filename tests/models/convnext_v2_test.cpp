#include "models/liveportrait/convnext_v2.h"

#include <c10/core/InferenceMode.h>

#include "support/catch.h"

using namespace animate;
using namespace animate::models::liveportrait;

TEST_CASE("a block of ConvNeXt by our kernels is LibTorch's, whatever the layout") {
  const c10::InferenceMode guard;
  torch::manual_seed(3);
  for (const int64_t channels : {32, 96, 20}) {  // the last ones do not fill the kernel's vectors: LibTorch's layers
    ConvNextBlock block(channels);
    for (auto& parameter : block->parameters()) parameter.copy_(torch::randn_like(parameter) * 0.3);
    for (const int64_t batch : {1, 3}) {
      const auto x = torch::randn({batch, channels, 9, 13}) + 1;
      block->use_fast_convolutions(core::nn::ConvMode::Direct);
      const auto expected = block->forward(x);
      block->use_fast_convolutions(core::nn::ConvMode::Auto);
      const double range = expected.abs().max().item<double>();
      const auto differs = [&](const torch::Tensor& y) { return (y - expected).abs().max().item<double>() / range; };
      CHECK(differs(block->forward(x)) < 1e-5);
      CHECK(differs(block->forward(x.contiguous(torch::MemoryFormat::ChannelsLast))) < 1e-5);
    }
  }
}
