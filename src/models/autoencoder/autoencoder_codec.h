#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/autoencoder/networks.h"
#include "models/face_codec.h"
#include "models/registry.h"

namespace animate::models::autoencoder {

// The convolutional autoencoder of 64x64 faces for inference (models/autoencoder/README.md). Immutable and thread-safe,
// as every FaceCodec.
class AutoencoderCodec : public FaceCodec {
 public:
  static bool matches(const ModelFiles& files);
  // The distribution is the weights' own, else that of face_distribution.npz beside them. Throws Error(Model) for
  // weights that do not fit together, or a distribution of codes of another length.
  static std::shared_ptr<const FaceCodec> load(const ModelFiles& files, const AnimateOptions& options);

  // Without `encodes` the encoder is not used.
  AutoencoderCodec(std::string name, FaceAutoencoderImpl& networks, bool encodes,
                   std::optional<FaceDistribution> distribution, torch::Device device);

  const CodecInfo& info() const override { return info_; }
  torch::Device device() const override { return device_; }
  torch::Tensor encode(const torch::Tensor& pictures) const override;
  torch::Tensor decode(const torch::Tensor& codes) const override;
  const FaceDistribution* distribution() const override { return distribution_ ? &*distribution_ : nullptr; }

 private:
  CodecInfo info_;
  std::shared_ptr<torch::nn::SequentialImpl> encoder_, decoder_;
  std::optional<FaceDistribution> distribution_;
  torch::Device device_;
};

// Networks in eval mode with the weights of a checkpoint; where it holds the decoder only, `encodes` becomes false and
// the encoder stays random.
std::shared_ptr<FaceAutoencoderImpl> load_networks(const checkpoint::Checkpoint& weights, bool& encodes);

// What belongs to a model's weights, or nothing. Throws as AutoencoderCodec::load.
std::optional<FaceDistribution> find_distribution(const ModelFiles& files, int64_t numbers);

// Throws Error(Model), naming `shown`, for a distribution of codes of another length than the model's.
void check_length(const FaceDistribution& distribution, int64_t numbers, const std::string& shown);

// For `animate convert`: both networks or the decoder, their config, and the distribution.
PackedModel pack(const ModelFiles& files);

}  // namespace animate::models::autoencoder
