#include "models/autoencoder/autoencoder_codec.h"

#include <c10/core/InferenceMode.h>

#include <functional>

#include "base/error.h"
#include "base/log.h"
#include "core/device.h"
#include "core/weights.h"
#include "models/autoencoder/layout.h"

namespace animate::models::autoencoder {
namespace {

constexpr const char* kDistribution = "distribution";

// So many pictures at once bound the memory of any number of them.
constexpr int64_t kPicturesAtOnce = 64;

int64_t count(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

torch::Tensor in_chunks(const torch::Tensor& rows, const std::function<torch::Tensor(const torch::Tensor&)>& work) {
  if (rows.size(0) <= kPicturesAtOnce) return work(rows);
  std::vector<torch::Tensor> done;
  for (const auto& chunk : rows.split(kPicturesAtOnce)) done.push_back(work(chunk));
  return torch::cat(done);
}

}  // namespace

bool AutoencoderCodec::matches(const ModelFiles& files) { return files.weights && is_autoencoder(*files.weights); }

std::shared_ptr<const FaceCodec> AutoencoderCodec::load(const ModelFiles& files, const AnimateOptions& options) {
  const torch::Device device = core::choose_device(options.runtime.device);
  bool encodes = true;
  const auto networks = load_networks(*files.weights, encodes);
  const int64_t numbers = told_config(*files.weights).numbers;
  networks->to(device);
  return std::make_shared<AutoencoderCodec>(files.name, *networks, encodes, find_distribution(files, numbers), device);
}

AutoencoderCodec::AutoencoderCodec(std::string name, FaceAutoencoderImpl& networks, bool encodes,
                                   std::optional<FaceDistribution> distribution, torch::Device device)
    : info_{"autoencoder", std::move(name), kSide, 0, 0, encodes},
      encoder_(networks.encoder.ptr()),
      decoder_(networks.decoder.ptr()),
      distribution_(std::move(distribution)),
      device_(device) {
  info_.parameters = count(*decoder_) + (encodes ? count(*encoder_) : 0);
  info_.numbers = decoder_->named_parameters()["0.weight"].size(0);
}

torch::Tensor AutoencoderCodec::encode(const torch::Tensor& pictures) const {
  check(info_.encodes, ErrorKind::Model,
        "{}: holds the decoder only, which `animate faces` can use; a picture is turned into a code by the encoder: "
        "give weights with both",
        info_.name);
  const c10::InferenceMode guard;
  return in_chunks(pictures, [this](const torch::Tensor& chunk) {
    return encoder_->forward(to_signed(chunk.to(device_, torch::kFloat))).flatten(1);
  });
}

torch::Tensor AutoencoderCodec::decode(const torch::Tensor& codes) const {
  const c10::InferenceMode guard;
  return in_chunks(codes, [this](const torch::Tensor& chunk) {
    return to_unit(decoder_->forward(chunk.to(device_, torch::kFloat).unsqueeze(2).unsqueeze(3))).clamp(0, 1);
  });
}

std::shared_ptr<FaceAutoencoderImpl> load_networks(const checkpoint::Checkpoint& weights, bool& encodes) {
  const Scopes scopes = scopes_of(weights);
  encodes = !scopes.encoder.empty();
  auto networks = std::make_shared<FaceAutoencoderImpl>(told_config(weights));
  if (encodes) core::load_state(*networks->encoder, scopes.encoder, "encoder");
  core::load_state(*networks->decoder, scopes.decoder, "decoder");
  networks->eval();
  for (auto& parameter : networks->parameters()) parameter.set_requires_grad(false);
  return networks;
}

void check_length(const FaceDistribution& distribution, int64_t numbers, const std::string& shown) {
  check(distribution.length() == numbers, ErrorKind::Model,
        "{}: is a distribution of {} numbers, and this model's codes have {}; give the one that was fitted with it",
        shown, distribution.length(), numbers);
}

std::optional<FaceDistribution> find_distribution(const ModelFiles& files, int64_t numbers) {
  std::optional<FaceDistribution> found;
  std::string shown = files.weights->name();
  if (const auto scope = files.weights->scope(kDistribution); !scope.empty()) {
    found = read_distribution(scope);
  } else if (!files.distribution.empty()) {
    const auto file = checkpoint::Checkpoint::open(files.distribution);
    found = read_distribution(file.scope(""));
    shown = file.name();
    log::debug("{}: the distribution of the model's codes", shown);
  }
  if (found) check_length(*found, numbers, shown);
  return found;
}

PackedModel pack(const ModelFiles& files) {
  bool encodes = true;
  load_networks(*files.weights, encodes);
  const Scopes scopes = scopes_of(*files.weights);
  const Config config = told_config(*files.weights);
  PackedModel packed{{{"decoder", scopes.decoder}}, {{"config", config.yaml()}}, {}};
  if (encodes) packed.scopes.emplace("encoder", scopes.encoder);
  if (const auto distribution = find_distribution(files, config.numbers)) {
    for (auto& [name, tensor] : distribution->arrays()) packed.exact[std::string(kDistribution) + "." + name] = tensor;
  }
  return packed;
}

}  // namespace animate::models::autoencoder
