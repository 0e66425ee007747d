#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "core/device.h"
#include "core/nn/layers.h"
#include "core/picture_grid.h"
#include "core/weights.h"
#include "dataset/sheet_file.h"
#include "diffusion/latent_noise.h"
#include "models/video_ldm/stage_networks.h"
#include "train/batches_ahead.h"
#include "train/denoising_figures.h"
#include "train/denoising_loss.h"
#include "train/ldm_clips.h"
#include "train/ldm_tasks.h"
#include "train/weight_average.h"

namespace animate::train {
namespace {

namespace video = models::video_ldm;
using models::video_diffusion::VideoUnet;

// The stages that denoise latents: images, clips, clips from known frames, clips between known frames
// (models/video_ldm/README.md#training). Behind the image stage only temporal layers learn.
class DenoisingTask : public TrainingTask {
 public:
  DenoisingTask(const TrainJob& job, const LdmTrainConfig& config)
      : config_(config),
        setup_{config.model.yaml, job.options.seed, job.data ? "clips" : "heads",
               std::string(video::word_of(config.stage))},
        seed_(static_cast<uint64_t>(job.options.seed)),
        steps_per_epoch_(job.options.steps_per_epoch),
        device_(core::choose_device(job.options.runtime.device)),
        autoencoder_(config.model.vae),
        unet_(config.model.unet_of(config.stage)),
        average_(config.model.unet_of(config.stage)),
        clips_(config_, ldm_source_of(job, config_), seed_,
               [this](const torch::Tensor& pictures) { return encoded(pictures); }),
        ahead_([this](int64_t step) { return clips_.of_step(step); }) {
    const torch::NoGradGuard no_grad;
    core::nn::fill_randomly(*autoencoder_, seed_);
    core::nn::fill_randomly(*unet_, seed_);
    unet_->named_parameters()["conv_out.weight"].zero_();
    if (config.stage == video::Stage::Interpolation) {
      prediction_ = VideoUnet(config.model.unet_of(video::Stage::Prediction));
      core::nn::fill_randomly(*prediction_, seed_);
      prediction_->to(device_);
    }
    begin_average();
    autoencoder_->to(device_);
    unet_->to(device_);
    average_->to(device_);
    std::vector<torch::Tensor> learning;
    for (auto& item : unet_->named_parameters()) {
      if (config.stage != video::Stage::Image && !video::is_temporal(item.key())) continue;
      item.value().requires_grad_(true);
      learning.push_back(item.value());
    }
    adam_.emplace(learning, config.lr, Adam::Betas{0.9, 0.999});
  }

  RunSetup setup() const override { return setup_; }

  TrainingState state() override {
    TrainingState state{"a video LDM",
                        {{video::kAutoencoderScope, autoencoder_.get()},
                         {std::string(video::word_of(config_.stage)), unet_.get()},
                         {"average", average_.get()}},
                        {{"optimizer", &*adam_}}};
    if (prediction_) state.networks.push_back({"prediction", prediction_.get()});
    return state;
  }

  int64_t steps_per_epoch() const override { return steps_per_epoch_; }
  int64_t planned_steps() const override { return config_.num_epochs * steps_per_epoch_; }
  int64_t validate_every() const override { return config_.validate_every; }

  std::vector<std::string> start_from(const checkpoint::Checkpoint& weights) override {
    require_stage(weights, config_.stage);
    core::load_state(*autoencoder_, weights.scope(video::kAutoencoderScope), "the autoencoder");
    const auto held = *video::stage_of(weights);
    if (held == video::Stage::Autoencoder) return {};
    // What the averaged weights of a checkpoint know better than the last step's.
    const auto average = weights.scope("average");
    const auto scope = average.empty() ? weights.scope(std::string(video::word_of(held))) : average;
    const auto fresh = core::load_matching_state(*unet_, scope, "the UNet");
    for (const std::string& name : fresh) {
      check(held != config_.stage && video::is_temporal(name), ErrorKind::Model,
            "{}: lacks {}, or has it in another shape; give a model of the same networks", weights.name(), name);
    }
    if (held == video::Stage::Image) video::begin_as_images(*unet_, seed_);
    if (held == video::Stage::Temporal && config_.stage == video::Stage::Prediction) {
      video::begin_without_context(*unet_, seed_);
    }
    if (prediction_) {
      core::load_state(*prediction_, held == config_.stage ? weights.scope("prediction") : scope,
                       "the prediction's UNet");
    }
    begin_average();
    return fresh;
  }

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return 0;
  }

  StepLosses step(const TrainingStep& now) override {
    adam_->set_learning_rate(ldm_rate(config_, now.step));
    const auto latents = batch_.frames.to(device_);
    const auto sigma = drawn_sigmas(config_, latents.size(0)).to(device_);
    const auto noise = torch::randn(latents.sizes()).to(device_);
    const auto known = (batch_.told * (torch::rand({latents.size(0)}) >= config_.drop)).to(device_);
    video::Told told{video::label_tokens(batch_.labels.to(device_), known), batch_.regime.to(device_), {}};
    if (unet_->config().context_width > 0) {
      told.context = video::context_of(latents, drawn_masks(config_, latents.size(0), seed_, now.step).to(device_));
    }
    StepLosses losses;
    losses.objective.add("denoising", denoising_loss(*unet_, latents, noise, sigma, told));
    const auto loss = losses.objective.total();
    if (!std::isfinite(loss.item<double>())) throw NotANumber("the loss");
    loss.backward();
    limit_gradients(adam_->parameters(), config_.max_gradient_norm);
    adam_->step();
    adam_->zero_grad();
    move_average(*average_, *unet_, config_.ema, now.step);
    return losses;
  }

  std::vector<Figure> validate() override {
    if (!figures_) figures_.emplace(config_, clips_);
    return figures_->of(*average_);
  }

  void write_sheet(const std::filesystem::path& path) const override {
    const auto rows = denoising_rows(config_, clips_, *average_);
    const auto pictures = autoencoder_->decode(rows.flatten(0, 1).to(device_)).to(torch::kCPU);
    dataset::save_sheet(path, core::grid_image(core::picture_grid(pictures, rows.size(1))));
  }

  void export_model(const std::filesystem::path& path, const std::string& training) const override {
    std::map<std::string, torch::Tensor> tensors;
    add_autoencoder(tensors, autoencoder_);
    add_unet(tensors, std::string(video::word_of(config_.stage)), average_);
    if (prediction_) add_unet(tensors, "prediction", prediction_);
    save_ldm(path, tensors, config_, training);
  }

 private:
  static void add_unet(std::map<std::string, torch::Tensor>& tensors, const std::string& scope, const VideoUnet& unet) {
    for (const auto& item : unet->named_parameters()) {
      tensors[scope + "." + item.key()] = item.value().detach().to(torch::kHalf);
    }
  }

  torch::Tensor encoded(const torch::Tensor& pictures) const {
    const torch::NoGradGuard no_grad;
    return autoencoder_->encode(pictures.to(device_)).to(torch::kCPU);
  }

  void begin_average() {
    const torch::NoGradGuard no_grad;
    const auto from = unet_->parameters();
    auto into = average_->parameters();
    for (size_t i = 0; i < into.size(); ++i) into[i].copy_(from[i]);
  }

  LdmTrainConfig config_;
  RunSetup setup_;
  uint64_t seed_;
  int64_t steps_per_epoch_;
  torch::Device device_;
  video::LatentAutoencoder autoencoder_;
  VideoUnet unet_, average_, prediction_{nullptr};
  std::optional<Adam> adam_;
  LdmClips clips_;
  LdmBatch batch_;
  std::optional<DenoisingFigures> figures_;
  BatchesAhead<LdmBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_denoising_task(const TrainJob& job, const LdmTrainConfig& config) {
  return std::make_unique<DenoisingTask>(job, config);
}

}  // namespace animate::train
