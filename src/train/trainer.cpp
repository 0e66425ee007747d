#include "animate/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/autocast.h"
#include "core/device.h"
#include "core/nn/fast_conv/trained_convolution.h"
#include "heads/counter_random.h"
#include "train/clip_data.h"
#include "train/model_export.h"
#include "train/optimisers.h"
#include "train/picture_sheet.h"
#include "train/prefetch.h"
#include "train/run_log.h"
#include "train/run_setup.h"
#include "train/training_checkpoint.h"
#include "train/training_data.h"
#include "train/training_model.h"

namespace animate::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCheckpoint = "checkpoint.pth.tar";
constexpr const char* kModel = "model.safetensors";
constexpr const char* kLog = "log.jsonl";

std::unique_ptr<TrainingData> open_data(const TrainJob& job, const fomm::Config& model, const TrainConfig& config) {
  const auto seed = static_cast<uint64_t>(job.options.seed);
  if (job.data == "heads") return make_heads_data(model, config, seed, job.options.steps_per_epoch);
#ifdef ANIMATE_WITH_MEDIA
  std::error_code ec;
  check(fs::exists(job.data, ec), ErrorKind::Usage, "--data {}: no such folder; give a folder of clips, or heads",
        show(job.data));
  return make_clip_data(job.data, model, config, seed);
#else
  fail(ErrorKind::Usage,
       "--data {}: this build reads no pictures and videos; use --data heads, or build the program with "
       "ANIMATE_MEDIA=ON",
       show(job.data));
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
  return load_vgg19(Checkpoint::open(path));
}

bool all_finite(const torch::nn::Module& network) {
  // A sum of sizes is a number only if all its terms are.
  const auto finite = [](const torch::Tensor& tensor) {
    return std::isfinite(tensor.detach().abs().sum(torch::kDouble).item<double>());
  };
  const auto parameters = network.parameters();
  const auto buffers = network.buffers();
  return std::all_of(parameters.begin(), parameters.end(), finite) &&
         std::all_of(buffers.begin(), buffers.end(), finite);
}

// One run. Randomness of a step is a function of seed and step, so nothing but networks, optimisers and the number of
// the step has to be kept for an exact resume.
class Run {
 public:
  Run(const TrainJob& job, Progress& progress, std::stop_token stop)
      : job_(job),
        progress_(progress),
        stop_(stop),
        device_(parse_device(job.options.runtime.device)),
        conv_(nn::parse_conv_mode(job.options.runtime.conv)) {
    use_threads(job.options.runtime);
    std::vector<std::string> warnings;
    model_config_ = fomm::Config::load(job.config, &warnings);
    for (const std::string& warning : warnings) log::warn("{}", warning);
    config_ = TrainConfig::load(job.config, model_config_);
    const bool mixed = wants_autocast(job.options.amp, device_);
    const Vgg19 vgg = open_vgg(job.vgg, config_);
    data_ = prefetched(open_data(job, model_config_, config_));
    setup_ = {model_config_.yaml, job.options.seed, job.data == "heads" ? "heads" : "clips",
              vgg.is_empty() ? "structural" : "vgg19"};
    torch::manual_seed(static_cast<uint64_t>(job.options.seed));
    networks_ = std::make_unique<TrainingNetworks>(model_config_, config_);
    networks_->to(device_);
    model_ = std::make_unique<TrainingModel>(model_config_, config_, *networks_, vgg);
    model_->to(device_);
    model_->use_mixed_precision(mixed);
    if (mixed) log::info("mixed precision: generator and losses' networks compute in bfloat16");
    optimisers_ = std::make_unique<Optimisers>(*networks_, config_);
    steps_ = job.options.steps > 0 ? job.options.steps : config_.num_epochs * data_->steps_per_epoch();
    check(steps_ > 0, ErrorKind::Usage, "nothing to train: give --steps, or num_epochs in the config");
  }

  TrainSummary run() {
    resume();
    check(step_ < steps_, ErrorKind::Usage, "{}: has {} steps already; give more --steps to go on", show(job_.output),
          step_);
    std::error_code ec;
    fs::create_directories(job_.output / "sheets", ec);
    check(!ec, ErrorKind::Input, "{}: the folder cannot be made ({}); choose another output", show(job_.output),
          ec.message());
    TrainSummary summary;
    summary.first_step = step_;
    RunLog log(job_.output / kLog, step_);
    const Stopwatch watch;
    progress_.start("training", steps_);
    bool first_line = true;
    while (step_ < steps_ && !stop_.stop_requested()) {
      train_one(log);
      progress_.advance(step_);
      const bool last = step_ == steps_ || stop_.stop_requested();
      if (step_ % job_.options.log_every == 0 || last) {
        summary.last_loss = log.write(step_, epoch(), watch.seconds());
        if (first_line) summary.first_loss = summary.last_loss;
        first_line = false;
      }
      if (step_ % job_.options.checkpoint_every == 0 || last) save();
    }
    progress_.finish(step_);
    check(!stop_.stop_requested(), ErrorKind::Cancelled, "interrupted at step {}; the same command goes on from {}",
          step_, show(job_.output / kCheckpoint));
    summary.model = job_.output / kModel;
    export_model(summary.model, *networks_, model_config_, config_,
                 fmt::format("{} steps, seed {}", step_, job_.options.seed));
    summary.steps = step_;
    summary.skipped = skipped_;
    summary.seconds = watch.seconds();
    return summary;
  }

 private:
  static void use_threads(const RuntimeOptions& options) {
    const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(options.threads > 0 ? static_cast<int>(options.threads) : cores);
  }

  int64_t epoch() const { return step_ / data_->steps_per_epoch(); }

  void resume() {
    fs::path from = job_.resume;
    if (from.empty() && fs::exists(job_.output / kCheckpoint)) from = job_.output / kCheckpoint;
    if (from.empty()) {
      if (!job_.init.empty()) start_from(job_.init);
      return;
    }
    require_file(from, "a training checkpoint");
    // Compared before any weight is loaded: a key says more than a shape that does not fit.
    const Checkpoint file = Checkpoint::open(from);
    const TrainingProgress stored = read_training_progress(file);
    refuse_other_setup(stored.extras, setup_, show(from));
    load_training_checkpoint(file, *networks_, *optimisers_);
    // The original's checkpoints count epochs only, and the one they name is begun again.
    step_ = stored.extras.empty() ? stored.epoch * data_->steps_per_epoch() : stored.step;
    saved_step_ = step_;
    log::info("goes on from step {} of {}", step_, show(from));
  }

  void start_from(const fs::path& path) {
    require_file(path, "a model to start from");
    const auto fresh = networks_->start_from(Checkpoint::open(path));
    log::info("starts from the weights of {}; {} of its tensors do not fit this config and begin anew", show(path),
              fresh.size());
    for (const std::string& name : fresh) log::debug("begins anew: {}", name);
  }

  void train_one(RunLog& log) {
    networks_->train();
    optimisers_->set_epoch(config_, epoch());
    TrainingBatch batch = next_batch();
    skipped_ += batch.skipped;
    log.add_skipped(batch.skipped);
    batch.source = batch.source.contiguous(torch::MemoryFormat::ChannelsLast);
    batch.driving = batch.driving.contiguous(torch::MemoryFormat::ChannelsLast);
    heads::CounterRandom choice(static_cast<uint64_t>(job_.options.seed), ~static_cast<uint64_t>(step_));
    batch.taught = batch.source_truth &&
                   (step_ < job_.options.teacher_steps || choice.chance(static_cast<float>(job_.options.teacher)));
    auto random = at::detail::createCPUGenerator(mixed(static_cast<uint64_t>(step_)));
    torch::manual_seed(mixed(static_cast<uint64_t>(step_) + (uint64_t{1} << 40)));
    const nn::FastTraining fast(conv_);
    GeneratorPass pass = model_->generator_pass(batch, random);
    const auto loss = pass.losses.total();
    require_numbers(std::isfinite(loss.item<double>()), "the loss is no longer a number", step_ + 1);
    loss.backward();
    if (config_.max_gradient_norm > 0) optimisers_->clip_gradients(config_.max_gradient_norm);
    optimisers_->generator.step();
    optimisers_->detector.step();
    optimisers_->zero_grad();
    Losses adversary;
    if (model_->has_adversary()) {
      adversary = model_->discriminator_pass(pass);
      const auto judged = adversary.total();
      require_numbers(std::isfinite(judged.item<double>()), "the discriminator's loss is no longer a number",
                      step_ + 1);
      judged.backward();
      optimisers_->discriminator->step();
      optimisers_->zero_grad();
    }
    log.add(pass.losses, adversary);
    ++step_;
    const int64_t every = job_.options.sheet_every;
    if (every > 0 && (step_ % every == 0 || step_ == steps_)) {
      write_picture_sheet(job_.output / "sheets" / fmt::format("{:07d}.png", step_), batch, pass);
    }
  }

  uint64_t mixed(uint64_t value) const {
    return (static_cast<uint64_t>(job_.options.seed) + 1) * 0x9E3779B97F4A7C15ULL + value;
  }

  // Data that ends a run must not cost its steps.
  TrainingBatch next_batch() {
    try {
      return data_->batch(step_, device_);
    } catch (const Error&) {
      if (step_ > saved_step_) save();
      throw;
    }
  }

  // Ends the run before numbers that are none reach a checkpoint.
  void require_numbers(bool finite, const char* what, int64_t step) const {
    if (finite) return;
    const fs::path checkpoint = job_.output / kCheckpoint;
    std::error_code ec;
    fail(ErrorKind::Input, "{}: {} at step {}; lower the learning rates and begin {}", show(job_.config), what, step,
         fs::exists(checkpoint, ec)
             ? fmt::format("a new run with --init {}, the last good checkpoint", show(checkpoint))
             : "again, for there is no checkpoint yet");
  }

  void save() {
    require_numbers(all_finite(*networks_->generator) && all_finite(*networks_->detector) &&
                        (!networks_->discriminator || all_finite(*networks_->discriminator)),
                    "the weights are no longer numbers", step_);
    TrainingProgress progress{epoch(), step_, setup_.to_extras()};
    save_training_checkpoint(job_.output / kCheckpoint, *networks_, *optimisers_, progress);
    saved_step_ = step_;
  }

  const TrainJob& job_;
  Progress& progress_;
  std::stop_token stop_;
  torch::Device device_;
  nn::ConvMode conv_;
  fomm::Config model_config_;
  TrainConfig config_;
  std::unique_ptr<TrainingData> data_;
  std::unique_ptr<TrainingNetworks> networks_;
  std::unique_ptr<TrainingModel> model_;
  std::unique_ptr<Optimisers> optimisers_;
  RunSetup setup_;
  int64_t step_ = 0;
  int64_t steps_ = 0;
  int64_t saved_step_ = 0;
  int64_t skipped_ = 0;
};

class FommTrainer : public Trainer {
 public:
  TrainSummary train(const TrainJob& job, Progress& progress, std::stop_token stop) override {
    return Run(job, progress, stop).run();
  }
};

}  // namespace
}  // namespace animate::train

namespace animate {

std::unique_ptr<Trainer> make_trainer() { return std::make_unique<train::FommTrainer>(); }

}  // namespace animate
