#include "evaluate/clip_generation.h"

#include <cmath>

#include "core/nn/layers.h"
#include "evaluate/frechet.h"
#include "heads/head_renderer.h"
#include "heads/labelled_clips.h"
#include "models/video_ldm/denoiser.h"
#include "support/catch.h"

using namespace animate;
using namespace animate::evaluate;

namespace {

namespace ldm = models::video_ldm;

ldm::LdmNetworks small_networks() {
  ldm::LdmNetworks networks;
  networks.name = "small";
  networks.config = ldm::LdmConfig::parse(
      "model_params:\n  video_ldm_params:\n    picture: 16\n    frames: 4\n    labels: [turn]\n"
      "    autoencoder: {channels: [4, 4], latent_channels: 2, groups: 2}\n"
      "    unet: {channels: [4], heads: [1], attends: [True], groups: 2, id_width: 2, context_width: 2}\n",
      "small.yaml");
  networks.autoencoder = ldm::LatentAutoencoder(networks.config.vae);
  networks.prediction = models::video_diffusion::VideoUnet(networks.config.unet_of(ldm::Stage::Prediction));
  networks.interpolation = models::video_diffusion::VideoUnet(networks.config.unet_of(ldm::Stage::Interpolation));
  core::nn::fill_randomly(*networks.autoencoder, 1);
  core::nn::fill_randomly(*networks.prediction, 2);
  core::nn::fill_randomly(*networks.interpolation, 3);
  return networks;
}

double figure(const EvaluatedPart& part, const std::string& name) {
  for (const EvaluatedFigure& one : part.figures) {
    if (one.name == name) return one.mean;
  }
  FAIL("no figure " << name);
  return 0;
}

models::PooledCovariance pooled_rows(const torch::Tensor& rows) {
  models::PooledCovariance all;
  all.add(rows);
  return all;
}

}  // namespace

TEST_CASE("features of clips tell stills, shuffled and cross-faded ones from clips that move") {
  const torch::NoGradGuard no_grad;
  std::string why_not;
  const auto found = DetectorFeatures::find(torch::kCPU, why_not);
  INFO(why_not);
  REQUIRE(found);
  const DetectorFeatures& features = *found;
  const auto clips_from = [](uint64_t first) {
    std::vector<torch::Tensor> clips;
    for (uint64_t i = first; i < first + 16; ++i) {
      clips.push_back(heads::render_heads(heads::labelled_clip(i, i, {8, 6.25}, {}).frames, {64, torch::kCPU, 0}));
    }
    return torch::stack(clips);
  };
  const auto truth = clips_from(100'000);
  const auto still = truth.narrow(1, 0, 1).expand_as(truth);
  const auto still_features = clip_features(features, still);
  const int64_t half = still_features.size(1) / 2;
  CHECK(still_features.narrow(1, half, half).abs().max().item<double>() == 0);
  const auto reference = pooled_rows(clip_features(features, clips_from(110'000)));
  const auto distance = [&](const torch::Tensor& clips) {
    return frechet_distance(pooled_rows(clip_features(features, clips)), reference);
  };
  const double other = distance(truth);
  const auto order = torch::cat({torch::arange(0, 8, 2), torch::arange(1, 8, 2)});
  CHECK(distance(still) > 1.1 * other);
  CHECK(distance(truth.index_select(1, order)) > other);
  const auto share = torch::linspace(0, 1, 8).view({1, -1, 1, 1, 1}).expand_as(truth);
  CHECK(distance(torch::lerp(still, truth.narrow(1, 7, 1).expand_as(truth), share)) > 1.1 * other);
}

TEST_CASE("clips of a video LDM are measured beside the true ones") {
  EvaluateJob job;
  job.options.heads = 3;
  job.options.transfers = 2;
  job.options.frames = 16;
  NoProgress silent;
  ContactSheet sheet;
  sheet.begin_model();
  const auto networks = small_networks();
  const auto parts = evaluate_clips(networks, job, nullptr, sheet, silent, {});
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].name == "clips");
  CHECK(figure(parts[0], "true_movement") > 0.001);
  CHECK(figure(parts[0], "movement") > 0);
  CHECK(std::isfinite(figure(parts[0], "first_psnr")));
  CHECK(figure(parts[2], "true_dense_movement") < figure(parts[0], "true_movement"));
  CHECK_FALSE(sheet.empty());
  // The same job, the same figures.
  const auto again = evaluate_clips(networks, job, nullptr, sheet, silent, {});
  CHECK(figure(again[1], "chain_movement") == figure(parts[1], "chain_movement"));
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(evaluate_clips(networks, job, nullptr, sheet, silent, stop.get_token()), Error);
}
