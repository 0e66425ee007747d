#include "evaluate/clip_generation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/counted.h"
#include "base/error.h"
#include "diffusion/latent_noise.h"
#include "evaluate/frechet.h"
#include "heads/head_renderer.h"
#include "heads/labelled_clips.h"
#include "models/video_ldm/clip_chain.h"

namespace animate::evaluate {
namespace {

namespace ldm = models::video_ldm;

constexpr int64_t kSteps = 20;
constexpr double kGuidance = 1.5;
constexpr int64_t kClipsAtOnce = 8;
// Frames at either end of a chain that are compared with true ones.
constexpr int64_t kChainEnds = 8;
// Other true clips, for what is left of a distance when nothing is wrong, are of heads so far on.
constexpr int64_t kOthers = 10'000;

// Drawn clips [N, T, 3, S, S] of heads from `first` on, and what they are told as.
struct TrueClips {
  torch::Tensor pictures;
  torch::Tensor labels;  // [N, L]
};

TrueClips true_clips(const ldm::LdmConfig& config, int64_t first, int64_t count, const heads::ClipCut& cut) {
  std::vector<torch::Tensor> pictures, labels;
  for (int64_t i = 0; i < count; ++i) {
    const auto seed = static_cast<uint64_t>(first + i);
    const auto clip = heads::labelled_clip(seed, seed, cut, config.labels);
    pictures.push_back(heads::render_heads(clip.frames, {config.picture, torch::kCPU, 0}));
    labels.push_back(torch::tensor(clip.labels));
  }
  return {torch::stack(pictures), torch::stack(labels)};
}

double movement(const torch::Tensor& clips) {
  const int64_t frames = clips.size(1);
  return (clips.narrow(1, 1, frames - 1) - clips.narrow(1, 0, frames - 1)).abs().mean(torch::kDouble).item<double>();
}

EvaluatedFigure whole_figure(const char* name, std::string title, double value, int64_t count, const char* unit,
                             int decimals) {
  return {name, std::move(title), unit, decimals, value, std::numeric_limits<double>::quiet_NaN(), count};
}

models::PooledCovariance pooled(const torch::Tensor& rows) {
  models::PooledCovariance all;
  all.add(rows);
  return all;
}

// One model at work on held-out clips.
class ClipRun {
 public:
  ClipRun(const ldm::LdmNetworks& networks, const EvaluateJob& job, const DetectorFeatures* features,
          ContactSheet& sheet, Progress& progress, const std::stop_token& stop)
      : networks_(networks),
        job_(job),
        features_(features),
        sheet_(sheet),
        progress_(progress),
        stop_(stop),
        noise_(static_cast<uint64_t>(job.options.seed)),
        count_(job.options.heads),
        truth_(true_clips(networks.config, job.options.seed, count_, {networks.config.frames, networks.config.rate})),
        first_(networks.autoencoder->encode(truth_.pictures.select(1, 0))) {}

  std::vector<EvaluatedPart> run() {
    std::vector<EvaluatedPart> parts{clips_part(), chain_part()};
    if (networks_.interpolation) parts.push_back(dense_part());
    return parts;
  }

 private:
  ldm::Sampling sampling() {
    ldm::Sampling how;
    how.steps = kSteps;
    how.context_guidance = how.label_guidance = kGuidance;
    how.draw = [this](at::IntArrayRef shape) { return noise_.draw(shape); };
    how.goes_on = [this] {
      check(!stop_.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
      return true;
    };
    return how;
  }

  torch::Tensor decoded(const torch::Tensor& latents) const {
    return networks_.autoencoder->decode(latents.flatten(0, 1))
        .view({latents.size(0), latents.size(1), 3, networks_.config.picture, networks_.config.picture});
  }

  // Runs from the first frame of each true clip, told its labels: latents [N, T, c, h, w].
  torch::Tensor runs() {
    progress_.start("clips", count_);
    std::vector<torch::Tensor> rows;
    for (int64_t from = 0; from < count_; from += kClipsAtOnce) {
      const int64_t some = std::min(kClipsAtOnce, count_ - from);
      const auto known = first_.narrow(0, from, some).unsqueeze(1);
      const auto token = ldm::label_tokens(truth_.labels.narrow(0, from, some), torch::ones({some}));
      const auto next = ldm::predicted(*networks_.prediction, known, networks_.config.frames, token, sampling());
      rows.push_back(torch::cat({known, next}, 1));
      progress_.advance(from + some);
    }
    progress_.finish(count_);
    return torch::cat(rows);
  }

  void add_distances(EvaluatedPart& part, const torch::Tensor& made) {
    if (features_ == nullptr || count_ < 2) return;
    const int64_t frames = made.size(1);
    const auto truth = pooled(clip_features(*features_, truth_.pictures));
    const auto add = [&](const char* name, const char* title, const torch::Tensor& clips) {
      const double distance = frechet_distance(pooled(clip_features(*features_, clips)), truth);
      part.figures.push_back(
          whole_figure(name, fmt::format("Fréchet (clips by detector), {}", title), distance, count_, "", 3));
    };
    add("frechet_clips_made", "made", made);
    add("frechet_clips_still", "still", made.narrow(1, 0, 1).expand_as(made));
    const auto share = torch::linspace(0, 1, frames).view({1, -1, 1, 1, 1}).expand_as(made);
    add("frechet_clips_dissolved", "dissolved",
        torch::lerp(made.narrow(1, 0, 1).expand_as(made), made.narrow(1, frames - 1, 1).expand_as(made), share));
    // Every second frame, then the others.
    const auto order = torch::cat({torch::arange(0, frames, 2), torch::arange(1, frames, 2)});
    add("frechet_clips_shuffled", "true, shuffled", truth_.pictures.index_select(1, order));
    add("frechet_clips_true", "other true",
        true_clips(networks_.config, job_.options.seed + kOthers, count_, {frames, networks_.config.rate}).pictures);
  }

  EvaluatedPart clips_part() {
    const auto made = decoded(runs());
    EvaluatedPart part;
    part.name = "clips";
    part.what = fmt::format("{} of {} from the first frames of drawn heads from seed {} on, told their labels",
                            counted(count_, "clip"), counted(made.size(1), "frame"), job_.options.seed);
    part.figures.push_back(whole_figure("movement", "movement", movement(made), count_, "0..1", 4));
    part.figures.push_back(
        whole_figure("true_movement", "true movement", movement(truth_.pictures), count_, "0..1", 4));
    const double error =
        (made.select(1, 0) - truth_.pictures.select(1, 0)).square().mean(torch::kDouble).item<double>();
    part.figures.push_back(
        whole_figure("first_psnr", "PSNR of the first frame", -10 * std::log10(error), count_, "dB", 2));
    add_distances(part, made);
    const int64_t last = made.size(1) - 1;
    for (int64_t i = 0; i < std::min(kSheetRows, count_); ++i) {
      sheet_.add(truth_.pictures[i].narrow(0, 0, 1), truth_.pictures[i].narrow(0, last, 1), made[i].narrow(0, 1, 1),
                 made[i].narrow(0, last, 1));
    }
    return part;
  }

  // Chains of these lengths from some of the first frames, [N, length, 3, S, S].
  torch::Tensor chains(int64_t count, int64_t length, int64_t interpolate) {
    progress_.start(interpolate > 0 ? "dense clips" : "chains", count);
    std::vector<torch::Tensor> clips;
    for (int64_t i = 0; i < count; ++i) {
      ldm::ChainRequest request;
      request.first = first_[i];
      request.token = ldm::label_tokens(truth_.labels.narrow(0, i, 1), torch::ones({1}));
      request.frames = networks_.config.frames;
      request.length = length;
      request.interpolate = interpolate;
      request.sampling = sampling();
      std::vector<torch::Tensor> frames;
      ldm::make_chain(networks_, request, [&](const torch::Tensor& latents) { frames.push_back(latents); });
      clips.push_back(networks_.autoencoder->decode(torch::cat(frames)));
      progress_.advance(i + 1);
    }
    progress_.finish(count);
    return torch::stack(clips);
  }

  EvaluatedPart chain_part() {
    const int64_t length = std::max(job_.options.frames, 2 * kChainEnds);
    const int64_t count = std::min(count_, std::max<int64_t>(2, job_.options.transfers));
    const auto made = chains(count, length, 0);
    EvaluatedPart part;
    part.name = "chain";
    part.what = fmt::format("{} of {} by prediction alone", counted(count, "chain"), counted(length, "frame"));
    part.figures.push_back(whole_figure("chain_movement", "movement", movement(made), count, "0..1", 4));
    if (features_ == nullptr) return part;
    const auto truth = pooled(features_->of(truth_.pictures.flatten(0, 1)));
    const auto distance = [&](int64_t from) {
      return frechet_distance(pooled(features_->of(made.narrow(1, from, kChainEnds).flatten(0, 1))), truth);
    };
    part.figures.push_back(
        whole_figure("frechet_begin", "Fréchet (detector), first 8 frames", distance(0), count, "", 3));
    part.figures.push_back(
        whole_figure("frechet_end", "Fréchet (detector), last 8 frames", distance(length - kChainEnds), count, "", 3));
    return part;
  }

  EvaluatedPart dense_part() {
    const ldm::LdmConfig& config = networks_.config;
    const int64_t length = ldm::dense_length(config.frames, 1);
    const int64_t count = std::min(count_, std::max<int64_t>(2, job_.options.transfers));
    const auto made = chains(count, length, 1);
    const auto truth =
        true_clips(config, job_.options.seed, count, {length, config.rate * static_cast<double>(ldm::kInterpolated)});
    EvaluatedPart part;
    part.name = "dense";
    part.what = fmt::format("{} of {}, three frames set between two", counted(count, "clip"), counted(length, "frame"));
    part.figures.push_back(whole_figure("dense_movement", "movement", movement(made), count, "0..1", 4));
    part.figures.push_back(
        whole_figure("true_dense_movement", "true movement", movement(truth.pictures), count, "0..1", 4));
    return part;
  }

  const ldm::LdmNetworks& networks_;
  const EvaluateJob& job_;
  const DetectorFeatures* features_;
  ContactSheet& sheet_;
  Progress& progress_;
  const std::stop_token& stop_;
  diffusion::LatentNoise noise_;
  int64_t count_;
  TrueClips truth_;
  torch::Tensor first_;  // latents of the clips' first frames, [N, c, h, w]
};

}  // namespace

torch::Tensor clip_features(const DetectorFeatures& features, const torch::Tensor& clips) {
  const auto rows = features.of(clips.flatten(0, 1)).view({clips.size(0), clips.size(1), -1});
  const int64_t steps = clips.size(1) - 1;
  const auto changes = (rows.narrow(1, 1, steps) - rows.narrow(1, 0, steps)).abs().sum(1);
  return torch::cat({rows.mean(1), changes}, 1);
}

std::vector<EvaluatedPart> evaluate_clips(const ldm::LdmNetworks& networks, const EvaluateJob& job,
                                          const DetectorFeatures* features, ContactSheet& sheet, Progress& progress,
                                          const std::stop_token& stop) {
  const torch::NoGradGuard no_grad;
  return ClipRun(networks, job, features, sheet, progress, stop).run();
}

}  // namespace animate::evaluate
