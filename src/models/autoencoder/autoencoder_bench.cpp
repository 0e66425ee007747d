#include "models/autoencoder/autoencoder_bench.h"

#include "base/error.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "models/autoencoder/autoencoder_codec.h"
#include "models/autoencoder/layout.h"

namespace animate::models::autoencoder {
namespace {

std::shared_ptr<FaceAutoencoderImpl> networks_of(const ModelFiles& files) {
  if (files.weights) {
    bool encodes = true;
    return load_networks(*files.weights, encodes);
  }
  auto networks = std::make_shared<FaceAutoencoderImpl>(Config::load(files.config));
  networks->eval();
  for (auto& parameter : networks->parameters()) parameter.set_requires_grad(false);
  return networks;
}

int64_t parameters_of(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

}  // namespace

BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options) {
  check(!options.size || *options.size == FrameSize{kSide, kSide}, ErrorKind::Usage,
        "--size {}: the autoencoder's pictures have {} pixels a side; leave it out", options.size->text(), kSide);
  const torch::Device device = core::choose_device(options.runtime.device);
  const auto networks = networks_of(files);
  networks->to(device);
  const int64_t batch = options.baseline ? 1 : catalog::batch_size(options.runtime, device.is_cuda());
  torch::manual_seed(kBenchSeed);
  const auto picture = to_signed(torch::rand({1, 3, kSide, kSide}).to(device));
  const auto code = networks->encode(picture);
  const auto pictures = picture.repeat({batch, 1, 1, 1});

  BenchSubject subject{files.name, kSide, kSide, {}, {}, batch};
  const auto add = [&subject](const char* name, const torch::nn::Module& module, std::function<void()> work) {
    auto& row = subject.stages.emplace_back();
    row.facts.name = name;
    row.facts.parameters = parameters_of(module);
    row.work = std::move(work);
  };
  add("encoder", *networks->encoder, [networks, picture] { networks->encode(picture); });
  add("decoder", *networks->decoder, [networks, code] { networks->decode(code); });
  subject.frame = [networks, pictures] { return to_unit(networks->forward(pictures)); };
  return subject;
}

}  // namespace animate::models::autoencoder
