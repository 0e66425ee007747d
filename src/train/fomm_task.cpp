#include "train/fomm_task.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "core/autocast.h"
#include "core/device.h"
#include "heads/counter_random.h"
#include "train/clip_data.h"
#include "train/model_export.h"
#include "train/picture_sheet.h"
#include "train/prefetch.h"
#include "train/training_checkpoint.h"
#include "train/training_data.h"
#include "train/training_model.h"

namespace animate::train {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<TrainingData> open_data(const TrainJob& job, const models::fomm::Config& model,
                                        const TrainConfig& config) {
  const auto seed = static_cast<uint64_t>(job.options.seed);
  if (!job.data) return make_heads_data(model, config, seed, job.options.steps_per_epoch);
#ifdef ANIMATE_WITH_MEDIA
  std::error_code ec;
  check(fs::exists(*job.data, ec), ErrorKind::Usage, "--data {}: no such folder; give a folder of clips, or heads",
        show(*job.data));
  return make_clip_data(*job.data, model, config, seed);
#else
  fail(ErrorKind::Usage,
       "--data {}: this build reads no pictures and videos; use --data heads, or build the program with "
       "ANIMATE_MEDIA=ON",
       show(*job.data));
#endif
}

// Null without a file. It has to be of use, for it is half a gigabyte.
Vgg19 open_vgg(const fs::path& path, const TrainConfig& config) {
  const auto& weights = config.loss_weights.perceptual;
  const bool wanted = std::any_of(weights.begin(), weights.end(), [](double weight) { return weight != 0; });
  if (path.empty()) {
    if (wanted) {
      log::info("the perceptual loss needs VGG-19's weights, which --vgg names; the structural loss stands in for it");
    }
    return nullptr;
  }
  check(wanted, ErrorKind::Usage,
        "--vgg {}: has no effect, for 'train_params.loss_weights.perceptual' of the config is 0; leave it out",
        show(path));
  require_file(path, "VGG-19's weights");
  return load_vgg19(checkpoint::Checkpoint::open(path));
}

void require_number(const torch::Tensor& loss, const char* what) {
  if (!std::isfinite(loss.item<double>())) throw NotANumber(what);
}

// The paper's training: all networks at once, from pairs of frames.
class FommTask : public FommTaskBase {
 public:
  FommTask(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config, bool mixed,
           const Vgg19& vgg, std::unique_ptr<TrainingData> data)
      : FommTaskBase(job, model, config, vgg.is_empty() ? "structural" : "vgg19"),
        data_(std::move(data)),
        objective_(model, config, networks_, vgg) {
    objective_.to(device_);
    objective_.use_mixed_precision(mixed);
    if (mixed) log::info("mixed precision: generator and losses' networks compute in bfloat16");
  }

  int64_t steps_per_epoch() const override { return data_->steps_per_epoch(); }
  int64_t planned_steps() const override { return config_.num_epochs * data_->steps_per_epoch(); }

  int64_t fetch(int64_t step) override {
    batch_ = data_->batch(step, device_);
    return batch_.skipped;
  }

  StepLosses step(const TrainingStep& now) override {
    networks_.train();
    optimisers_.set_epoch(config_, now.epoch);
    batch_.source = batch_.source.contiguous(torch::MemoryFormat::ChannelsLast);
    batch_.driving = batch_.driving.contiguous(torch::MemoryFormat::ChannelsLast);
    heads::CounterRandom choice(static_cast<uint64_t>(options_.seed), ~static_cast<uint64_t>(now.step));
    batch_.taught = batch_.source_truth &&
                    (now.step < options_.teacher_steps || choice.chance(static_cast<float>(options_.teacher)));
    auto random = at::detail::createCPUGenerator(now.seed);
    pass_ = objective_.generator_pass(batch_, random);
    const auto loss = pass_.losses.total();
    require_number(loss, "the loss");
    loss.backward();
    if (config_.max_gradient_norm > 0) optimisers_.clip_gradients(config_.max_gradient_norm);
    optimisers_.generator.step();
    optimisers_.detector.step();
    optimisers_.zero_grad();
    StepLosses losses{pass_.losses, {}};
    if (objective_.has_adversary()) {
      losses.adversary = objective_.discriminator_pass(pass_);
      const auto judged = losses.adversary.total();
      require_number(judged, "the discriminator's loss");
      judged.backward();
      optimisers_.discriminator->step();
      optimisers_.zero_grad();
    }
    return losses;
  }

  void write_sheet(const fs::path& path) const override { write_picture_sheet(path, batch_, pass_); }

 private:
  std::unique_ptr<TrainingData> data_;
  TrainingModel objective_;
  TrainingBatch batch_;
  GeneratorPass pass_;
};

TrainingNetworks fresh_networks(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config,
                                const torch::Device& device) {
  torch::manual_seed(static_cast<uint64_t>(job.options.seed));
  TrainingNetworks networks(model, config);
  networks.to(device);
  return networks;
}

}  // namespace

FommTaskBase::FommTaskBase(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config,
                           const std::string& reconstruction)
    : options_(job.options),
      model_config_(model),
      config_(config),
      device_(core::choose_device(job.options.runtime.device)),
      networks_(fresh_networks(job, model, config, device_)),
      optimisers_(networks_, config),
      setup_{model.yaml, job.options.seed, job.data ? "clips" : "heads", reconstruction} {}

TrainingState FommTaskBase::state() { return state_of(networks_, optimisers_); }

void FommTaskBase::export_model(const fs::path& path, const std::string& training) const {
  train::export_model(path, networks_, model_config_, config_, training);
}

std::unique_ptr<TrainingTask> make_fomm_task(const TrainJob& job, const models::fomm::Config& model,
                                             const TrainConfig& config) {
  const bool mixed = core::wants_autocast(job.options.amp, core::choose_device(job.options.runtime.device));
  const Vgg19 vgg = open_vgg(job.vgg, config);
  return std::make_unique<FommTask>(job, model, config, mixed, vgg, prefetched(open_data(job, model, config)));
}

}  // namespace animate::train
