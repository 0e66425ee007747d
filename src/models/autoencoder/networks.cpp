#include "models/autoencoder/networks.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

namespace animate::models::autoencoder {
namespace {

namespace nn = torch::nn;

// Halves a map, or takes the last one of 4x4 together where there is no padding.
nn::Conv2d shrinking(int64_t in, int64_t out, bool last = false) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(last ? 1 : 2).padding(last ? 0 : 1).bias(false));
}

// Doubles a map.
nn::ConvTranspose2d growing(int64_t in, int64_t out) {
  return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, 4).stride(2).padding(1).bias(false));
}

// A code becomes the first map of 4x4. A transposed convolution of one pixel is a matrix product, and is computed as
// one: oneDNN 3.7 (Debian 13) gets it wrong for codes that are no whole number of its vectors.
class FromCodeImpl : public nn::ConvTranspose2dImpl {
 public:
  FromCodeImpl(int64_t numbers, int64_t out)
      : nn::ConvTranspose2dImpl(nn::ConvTranspose2dOptions(numbers, out, 4).bias(false)) {}

  // [B, numbers, 1, 1] -> [B, out, 4, 4]
  torch::Tensor forward(const torch::Tensor& codes) {
    return codes.flatten(1).matmul(weight.flatten(1)).view({codes.size(0), weight.size(1), 4, 4});
  }
};
TORCH_MODULE(FromCode);

nn::LeakyReLU leaky() { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)); }

}  // namespace

// The positions in the sequences are part of the published names, so activations count.
FaceAutoencoderImpl::FaceAutoencoderImpl(const Config& config) {
  const int64_t c = config.width;
  encoder = register_module("encoder", nn::Sequential());
  encoder->push_back(shrinking(3, c));
  encoder->push_back(leaky());
  for (const int64_t wider : {2 * c, 4 * c, 8 * c}) {
    encoder->push_back(shrinking(wider / 2, wider));
    encoder->push_back(nn::BatchNorm2d(wider));
    encoder->push_back(leaky());
  }
  encoder->push_back(shrinking(8 * c, config.numbers, true));
  encoder->push_back(leaky());

  decoder = register_module("decoder", nn::Sequential());
  decoder->push_back(FromCode(config.numbers, 8 * c));
  for (const int64_t narrower : {4 * c, 2 * c, c}) {
    decoder->push_back(nn::BatchNorm2d(2 * narrower));
    decoder->push_back(nn::ReLU());
    decoder->push_back(growing(2 * narrower, narrower));
  }
  decoder->push_back(nn::BatchNorm2d(c));
  decoder->push_back(nn::ReLU());
  decoder->push_back(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(c, 3, 4).stride(2).padding(1)));
  decoder->push_back(nn::Tanh());
}

}  // namespace animate::models::autoencoder
