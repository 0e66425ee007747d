#include "core/precision.h"

#include <torch/nn/modules/conv.h>

#include "base/log.h"
#include "support/catch.h"

using namespace animate::core;
using namespace animate;

TEST_CASE("the CPU computes in float whatever is asked, and says so") {
  for (size_t i = 0; i < kWords<PrecisionChoice>.size(); ++i) {
    const auto choice = static_cast<PrecisionChoice>(i);
    const std::string word(word_of(choice));
    std::vector<std::string> warnings;
    Precision chosen;
    {
      const log::CollectWarnings collect(warnings);
      chosen = choose_precision(choice, torch::kCPU);
    }
    CHECK(chosen.type == torch::kFloat);
    CHECK_FALSE(chosen.tf32);
    CHECK_FALSE(chosen.channels_last);
    const bool told = word != "auto" && word != "fp32";
    CHECK(warnings == (told ? std::vector<std::string>{word + " is for CUDA only; running in fp32 on the cpu"}
                            : std::vector<std::string>{}));
  }
}

TEST_CASE("weights keep their values in another order") {
  torch::manual_seed(1);
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(8, 4, 3));
  const auto before = conv->weight.detach().clone();
  const auto image = torch::rand({1, 8, 6, 6});
  const auto expected = conv->forward(image);
  use_layout(*conv, {});
  CHECK(conv->weight.is_contiguous());
  Precision precision;
  precision.channels_last = true;
  use_layout(*conv, precision);
  CHECK(conv->weight.is_contiguous(torch::MemoryFormat::ChannelsLast));
  CHECK_FALSE(conv->weight.is_contiguous());
  CHECK(torch::equal(conv->weight, before));
  CHECK((conv->forward(image) - expected).abs().max().item<float>() < 1e-5F);
}
