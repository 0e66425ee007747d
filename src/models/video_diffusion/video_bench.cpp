#include "models/video_diffusion/video_bench.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/error.h"
#include "core/device.h"
#include "core/nn/layers.h"
#include "models/video_diffusion/clip_cost.h"
#include "models/video_diffusion/video_weights.h"

namespace animate::models::video_diffusion {
namespace {

// Pixels; where nothing else is asked for: the shape that the weights know, at a third of the pixels.
constexpr FrameSize kUsualSize{576, 320};
constexpr int64_t kDecodedAtOnce = 2;

void refuse_others(const BenchOptions& options) {
  check(!options.baseline && options.compare.kind != ComparedWith::Kind::Baseline, ErrorKind::Usage,
        "--baseline: video diffusion is computed in one way only; leave it out");
  check(!options.layers, ErrorKind::Usage,
        "--layers: single layers of video diffusion are not measured; leave it out, and --roofline");
  check(options.clip.empty(), ErrorKind::Usage,
        "--clip: no driver moves video diffusion; leave it out, and measure `animate dream` by its log");
}

// Networks for the measurement at hand: those of the files, or the published ones with random numbers.
class Networks {
 public:
  explicit Networks(const ModelFiles& files) {
    if (files.weights || !files.parts.empty()) weights_ = VideoWeights::open(files.location);
  }

  Configs configs() const { return weights_ ? weights_->configs() : Configs(); }
  VideoUnet unet() const { return weights_ ? weights_->load_unet() : random(VideoUnet(Configs().unet)); }
  VaeEncoder encoder() const { return weights_ ? weights_->load_encoder() : random(VaeEncoder(Configs().vae)); }
  VaeDecoder decoder() const { return weights_ ? weights_->load_decoder() : random(VaeDecoder(Configs().vae)); }
  ClipVision clip() const { return weights_ ? weights_->load_clip() : random(ClipVision(Configs().clip)); }

 private:
  template <typename Network>
  static Network random(Network network) {
    core::nn::fill_randomly(*network, kBenchSeed);
    network->eval();
    return network;
  }

  std::optional<VideoWeights> weights_;
};

// Memory of a network that nobody fills is claimed and not taken.
int64_t parameters_of(const torch::nn::Module& network) {
  int64_t sum = 0;
  for (const auto& parameter : network.parameters()) sum += parameter.numel();
  return sum;
}

// `flop` of the whole call, which is for `frames`.
BenchSubject::Stage stage(const char* name, const torch::nn::Module& shape, double flop, int64_t frames,
                          std::function<std::function<void()>()> open) {
  BenchSubject::Stage row;
  row.facts.name = name;
  row.facts.parameters = parameters_of(shape);
  row.facts.per_frame = frames > 0;
  row.frames = std::max<int64_t>(frames, 1);
  row.facts.gflop = flop / 1e9 / static_cast<double>(row.frames);
  row.open = std::move(open);
  return row;
}

}  // namespace

BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options) {
  refuse_others(options);
  const auto networks = std::make_shared<const Networks>(files);
  const Configs configs = networks->configs();
  const FrameSize asked = options.size.value_or(kUsualSize);
  const int64_t factor = configs.vae.factor();
  check(asked.width % factor == 0 && asked.height % factor == 0, ErrorKind::Usage,
        "--size {}: both sides have to be multiples of {}; give such a size", asked.text(), factor);
  const ClipSize size{options.frames, asked.height, asked.width};
  const int64_t height = size.height / factor;
  const int64_t width = size.width / factor;
  const torch::Device device = core::choose_device(options.runtime.device);

  BenchSubject subject{files.name, size.width, size.height, {}, {}, 1};
  subject.repetitions = 1;
  subject.stages.push_back(
      stage("image encoder", *ClipVision(configs.clip), clip_flop(configs).sum(), 0, [networks, device] {
        auto network = networks->clip();
        network->to(device);
        const int64_t side = network->config().side;
        return [network, picture = torch::randn({1, 3, side, side}).to(device)] { network->forward(picture); };
      }));
  subject.stages.push_back(stage(
      "picture encoder", *VaeEncoder(configs.vae), encoder_flop(configs, size).sum(), 0, [networks, device, size] {
        auto network = networks->encoder();
        network->to(device);
        const auto picture = (torch::rand({1, 3, size.height, size.width}) * 2 - 1).to(device);
        return [network, picture] { network->mode(picture); };
      }));
  subject.stages.push_back(
      stage("UNet, one call", *VideoUnet(configs.unet), unet_flop(configs, size).sum(), size.frames,
            [networks, device, configs, frames = size.frames, height, width] {
              auto network = networks->unet();
              network->to(device);
              const UnetConfig& unet = configs.unet;
              const auto sample = torch::randn({1, frames, unet.in_channels, height, width}).to(device);
              const auto token = torch::randn({1, unet.token_width}).to(device);
              const auto ids = torch::tensor({6.0F, 127.0F, 0.02F}).unsqueeze(0).to(device);
              return [network, sample, token, ids] { network->forward(sample, 0.5, token, ids); };
            }));
  const int64_t chunk = std::min(kDecodedAtOnce, size.frames);
  subject.stages.push_back(
      stage("decoder", *VaeDecoder(configs.vae), decoder_flop(configs, {chunk, size.height, size.width}).sum(), chunk,
            [networks, device, configs, chunk, height, width] {
              auto network = networks->decoder();
              network->to(device);
              const auto latents = torch::randn({chunk, configs.vae.latent_channels, height, width}).to(device);
              return [network, latents] { network->forward(latents); };
            }));
  return subject;
}

}  // namespace animate::models::video_diffusion
