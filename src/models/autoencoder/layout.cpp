#include "models/autoencoder/layout.h"

#include "base/error.h"

namespace animate::models::autoencoder {
namespace {

bool is_kernel(const checkpoint::CheckpointScope& scope, const std::string& name) {
  if (!scope.contains(name)) return false;
  const std::vector<int64_t>& shape = scope.info(name).shape;
  return shape.size() == 4 && shape[2] == 4 && shape[3] == 4;
}

bool is_decoder(const checkpoint::CheckpointScope& scope) {
  return is_kernel(scope, "0.weight") && is_kernel(scope, "12.weight") && scope.contains("12.bias") &&
         scope.info("12.weight").shape[1] == 3;
}

// The decoder's arrays, by themselves or beside an encoder's.
checkpoint::CheckpointScope decoder_scope(const checkpoint::Checkpoint& weights) {
  checkpoint::CheckpointScope scope = weights.scope("decoder");
  return is_decoder(scope) ? scope : weights.scope("");
}

}  // namespace

bool is_autoencoder(const checkpoint::Checkpoint& weights) {
  const auto family = weights.metadata().find("family");
  if (family != weights.metadata().end()) return family->second == "autoencoder";
  return is_decoder(decoder_scope(weights));
}

Scopes scopes_of(const checkpoint::Checkpoint& weights) {
  Scopes scopes{weights.scope("encoder"), decoder_scope(weights)};
  check(is_decoder(scopes.decoder), ErrorKind::Model,
        "{}: has no decoder of an autoencoder of faces (12 layers, kernels of 4x4); give the weights of one",
        weights.name());
  return scopes;
}

Config told_config(const checkpoint::Checkpoint& weights) {
  const Scopes scopes = scopes_of(weights);
  Config config;
  config.width = scopes.decoder.info("12.weight").shape[0];
  config.numbers = scopes.decoder.info("0.weight").shape[0];
  check(config.width >= 1 && config.width <= Config::kMaxWidth && config.numbers >= 1 &&
            config.numbers <= Config::kMaxNumbers,
        ErrorKind::Model,
        "{}: has {} channels and codes of {} numbers, which is out of range; give the weights of an "
        "autoencoder of faces",
        weights.name(), config.width, config.numbers);
  return config;
}

}  // namespace animate::models::autoencoder
