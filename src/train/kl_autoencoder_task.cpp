#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "core/device.h"
#include "core/nn/layers.h"
#include "core/picture_grid.h"
#include "core/weights.h"
#include "dataset/sheet_file.h"
#include "models/video_ldm/stage_networks.h"
#include "train/batches_ahead.h"
#include "train/ldm_clips.h"
#include "train/ldm_tasks.h"
#include "train/weight_average.h"

namespace animate::train {
namespace {

namespace video = models::video_ldm;

// Pictures that the latents' mean and deviation are taken from.
constexpr int64_t kMeasuredPictures = 256;
// Limits of the logarithm of a latent's variance, as published.
constexpr double kLeastLogVariance = -30, kMostLogVariance = 20;

// 1/2 sum(mean² + variance - 1 - ln variance) of a picture, over its numbers [N, 3, H, W].
torch::Tensor kl_divergence(const torch::Tensor& mean, const torch::Tensor& log_variance,
                            const torch::Tensor& pictures) {
  const auto sum = (mean.square() + log_variance.exp() - 1 - log_variance).sum() / 2;
  return sum / pictures.numel();
}

// A KL autoencoder of drawn heads (models/video_ldm/README.md#autoencoder): absolute differences, and a little of the
// divergence from a normal distribution.
class KlAutoencoderTask : public TrainingTask {
 public:
  KlAutoencoderTask(const TrainJob& job, const LdmTrainConfig& config)
      : config_(config),
        setup_{config.model.yaml, job.options.seed, job.data ? "clips" : "heads", "l1"},
        steps_per_epoch_(job.options.steps_per_epoch),
        device_(core::choose_device(job.options.runtime.device)),
        network_(config.model.vae),
        clips_(config_, ldm_source_of(job, config_), static_cast<uint64_t>(job.options.seed)),
        ahead_([this](int64_t step) { return clips_.of_step(step); }) {
    core::nn::fill_randomly(*network_, static_cast<uint64_t>(job.options.seed));
    network_->to(device_);
    for (auto& parameter : network_->parameters()) parameter.requires_grad_(true);
    adam_.emplace(network_->parameters(), config.lr, Adam::Betas{0.9, 0.999});
  }

  RunSetup setup() const override { return setup_; }
  TrainingState state() override {
    return {"a video LDM", {{video::kAutoencoderScope, network_.get()}}, {{"optimizer", &*adam_}}};
  }
  int64_t steps_per_epoch() const override { return steps_per_epoch_; }
  int64_t planned_steps() const override { return config_.num_epochs * steps_per_epoch_; }
  int64_t validate_every() const override { return config_.validate_every; }

  std::vector<std::string> start_from(const checkpoint::Checkpoint& weights) override {
    require_stage(weights, config_.stage);
    return core::load_matching_state(*network_, weights.scope(video::kAutoencoderScope), "the autoencoder");
  }

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return 0;
  }

  StepLosses step(const TrainingStep& now) override {
    adam_->set_learning_rate(ldm_rate(config_, now.step));
    shown_ = batch_.frames.flatten(0, 1).to(device_);
    const auto truth = video::to_signed(shown_);
    const auto moments = network_->encoding->moments(truth).chunk(2, 1);
    const auto log_variance = moments[1].clamp(kLeastLogVariance, kMostLogVariance);
    const auto latents = moments[0] + (log_variance / 2).exp() * torch::randn_like(moments[0]);
    const auto painted = network_->decoding->forward(latents);
    StepLosses losses;
    losses.objective.add("l1", (painted - truth).abs().mean());
    losses.objective.add("kl", config_.kl_weight * kl_divergence(moments[0], log_variance, truth));
    const auto loss = losses.objective.total();
    if (!std::isfinite(loss.item<double>())) throw NotANumber("the loss");
    loss.backward();
    limit_gradients(adam_->parameters(), config_.max_gradient_norm);
    adam_->step();
    adam_->zero_grad();
    return losses;
  }

  // Held-out heads, below them what comes back.
  void write_sheet(const std::filesystem::path& path) const override {
    const torch::NoGradGuard no_grad;
    const auto truth = clips_.held_out(8).frames.flatten(0, 1).to(device_);
    const auto rows = torch::cat({truth, reconstructed(truth)});
    dataset::save_sheet(path, core::grid_image(core::picture_grid(rows.to(torch::kCPU), 8)));
  }

  // In [-1, 1], as the loss; beside a picture of as many pixels as there are latents, enlarged again.
  std::vector<Figure> validate() override {
    const torch::NoGradGuard no_grad;
    if (!held_out_.defined()) held_out_ = clips_.held_out(config_.validate_clips).frames.flatten(0, 1).to(device_);
    double error = 0;
    for (const auto& some : held_out_.split(32)) {
      error += 2 * (reconstructed(some) - some).abs().sum(torch::kDouble).item<double>();
    }
    error /= static_cast<double>(held_out_.numel());
    const auto small = torch::avg_pool2d(held_out_, config_.model.vae.factor());
    const auto back = torch::upsample_bilinear2d(small, held_out_.sizes().slice(2), false);
    const double shrunk = 2 * (back - held_out_).abs().mean().item<double>();
    return {{"l1", error, shrunk}, {"l1_of_shrunk_pictures", shrunk, shrunk}};
  }

  void export_model(const std::filesystem::path& path, const std::string& training) const override {
    const torch::NoGradGuard no_grad;
    const auto measured = network_;  // shares the network; its two measures are no weights that training moves
    measured.ptr()->measure(clips_.first_of_training(kMeasuredPictures).frames.flatten(0, 1).to(device_));
    std::map<std::string, torch::Tensor> tensors;
    add_autoencoder(tensors, network_);
    save_ldm(path, tensors, config_, training);
  }

 private:
  torch::Tensor reconstructed(const torch::Tensor& pictures) const {
    return network_->decode(network_->encode(pictures));
  }

  LdmTrainConfig config_;
  RunSetup setup_;
  int64_t steps_per_epoch_;
  torch::Device device_;
  video::LatentAutoencoder network_;
  std::optional<Adam> adam_;
  LdmClips clips_;
  LdmBatch batch_;
  torch::Tensor shown_, held_out_;
  BatchesAhead<LdmBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_kl_autoencoder_task(const TrainJob& job, const LdmTrainConfig& config) {
  return std::make_unique<KlAutoencoderTask>(job, config);
}

}  // namespace animate::train
