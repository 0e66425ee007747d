#include "animate/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/device.h"
#include "core/weights.h"
#include "heads/counter_random.h"
#include "train/config_changes.h"
#include "train/optimisers.h"
#include "train/picture_sheet.h"
#include "train/run_log.h"
#include "train/training_checkpoint.h"
#include "train/training_data.h"
#include "train/training_model.h"

namespace animate::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCheckpoint = "checkpoint.pth.tar";
constexpr const char* kModel = "model.safetensors";
constexpr const char* kLog = "log.jsonl";
constexpr const char* kConfigEntry = "config";
constexpr const char* kSeedEntry = "seed";

torch::Tensor to_bytes(const std::string& text) {
  auto bytes = torch::empty({static_cast<int64_t>(text.size())}, torch::kUInt8);
  std::memcpy(bytes.data_ptr(), text.data(), text.size());
  return bytes;
}

std::string to_text(const torch::Tensor& bytes) {
  const auto flat = bytes.contiguous();
  return {static_cast<const char*>(flat.data_ptr()), static_cast<size_t>(flat.numel())};
}

std::unique_ptr<TrainingData> open_data(const TrainJob& job, const fomm::Config& model, const TrainConfig& config) {
  check(job.data == "heads", ErrorKind::Usage, "--data {}: is not known; use heads", job.data);
  return make_heads_data(model, config, static_cast<uint64_t>(job.options.seed), job.options.steps_per_epoch);
}

// One run. Randomness of a step is a function of seed and step, so nothing but networks, optimisers and the number of
// the step has to be kept for an exact resume.
class Run {
 public:
  Run(const TrainJob& job, Progress& progress, std::stop_token stop)
      : job_(job), progress_(progress), stop_(stop), device_(parse_device(job.options.runtime.device)) {
    use_threads(job.options.runtime);
    std::vector<std::string> warnings;
    model_config_ = fomm::Config::load(job.config, &warnings);
    for (const std::string& warning : warnings) log::warn("{}", warning);
    config_ = TrainConfig::load(job.config, model_config_);
    data_ = open_data(job, model_config_, config_);
    torch::manual_seed(static_cast<uint64_t>(job.options.seed));
    networks_ = std::make_unique<TrainingNetworks>(model_config_, config_);
    networks_->to(device_);
    model_ = std::make_unique<TrainingModel>(model_config_, config_, *networks_);
    model_->to(device_);
    optimisers_ = std::make_unique<Optimisers>(*networks_, config_);
    steps_ = job.options.steps > 0 ? job.options.steps : config_.num_epochs * data_->steps_per_epoch();
    check(steps_ > 0, ErrorKind::Usage, "nothing to train: give --steps, or num_epochs in the config");
  }

  TrainSummary run() {
    fs::create_directories(job_.output / "sheets");
    resume();
    check(step_ < steps_, ErrorKind::Usage, "{}: has {} steps already; give more --steps to go on", show(job_.output),
          step_);
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
    summary.model = export_model();
    summary.steps = step_;
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
    const TrainingProgress stored = load_training_checkpoint(Checkpoint::open(from), *networks_, *optimisers_);
    if (const auto config = stored.extras.find(kConfigEntry); config != stored.extras.end()) {
      refuse_changed_config(to_text(config->second), model_config_.yaml, show(from));
    }
    if (const auto seed = stored.extras.find(kSeedEntry); seed != stored.extras.end()) {
      check(seed->second.item<int64_t>() == job_.options.seed, ErrorKind::Usage,
            "{}: was begun with --seed {}; go on with the same", show(from), seed->second.item<int64_t>());
    }
    step_ = stored.step;
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
    TrainingBatch batch = data_->batch(step_, device_);
    batch.source = batch.source.contiguous(torch::MemoryFormat::ChannelsLast);
    batch.driving = batch.driving.contiguous(torch::MemoryFormat::ChannelsLast);
    heads::CounterRandom choice(static_cast<uint64_t>(job_.options.seed), ~static_cast<uint64_t>(step_));
    batch.taught = batch.source_truth &&
                   (step_ < job_.options.teacher_steps || choice.chance(static_cast<float>(job_.options.teacher)));
    auto random = at::detail::createCPUGenerator(mixed(static_cast<uint64_t>(step_)));
    torch::manual_seed(mixed(static_cast<uint64_t>(step_) + (uint64_t{1} << 40)));
    GeneratorPass pass = model_->generator_pass(batch, random);
    const auto loss = pass.losses.total();
    check(std::isfinite(loss.item<double>()), ErrorKind::Input,
          "the loss is no longer a number at step {}; the last good checkpoint is {}; lower the learning rate and "
          "resume",
          step_, show(job_.output / kCheckpoint));
    loss.backward();
    if (config_.max_gradient_norm > 0) optimisers_->clip_gradients(config_.max_gradient_norm);
    optimisers_->generator.step();
    optimisers_->detector.step();
    optimisers_->zero_grad();
    Losses adversary;
    if (model_->has_adversary()) {
      adversary = model_->discriminator_pass(pass);
      adversary.total().backward();
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

  void save() const {
    TrainingProgress progress;
    progress.epoch = epoch();
    progress.step = step_;
    progress.extras[kConfigEntry] = to_bytes(model_config_.yaml);
    progress.extras[kSeedEntry] = torch::tensor(job_.options.seed, torch::kInt64);
    save_training_checkpoint(job_.output / kCheckpoint, *networks_, *optimisers_, progress);
  }

  // The two networks that animate, in half precision, with their config: what -m takes.
  fs::path export_model() const {
    std::map<std::string, torch::Tensor> tensors;
    const auto add = [&](const std::string& prefix, const torch::nn::Module& module) {
      const auto keep = [&](const std::string& name, const torch::Tensor& tensor) {
        const bool statistic = name.ends_with("running_var") || name.ends_with("running_mean");
        tensors[prefix + name] = tensor.is_floating_point() && !statistic ? tensor.to(torch::kHalf) : tensor;
      };
      for (const auto& item : module.named_parameters()) keep(item.key(), item.value());
      for (const auto& item : module.named_buffers()) keep(item.key(), item.value());
    };
    add("generator.", *networks_->generator);
    add("kp_detector.", *networks_->detector);
    save_tensors(job_.output / kModel, tensors,
                 {{"format", "animate-model"},
                  {"family", "fomm"},
                  {"config", model_config_.yaml},
                  {"align_corners", config_.align_corners ? "on" : "off"},
                  {"training", fmt::format("{} steps, seed {}", step_, job_.options.seed)}});
    return job_.output / kModel;
  }

  const TrainJob& job_;
  Progress& progress_;
  std::stop_token stop_;
  torch::Device device_;
  fomm::Config model_config_;
  TrainConfig config_;
  std::unique_ptr<TrainingData> data_;
  std::unique_ptr<TrainingNetworks> networks_;
  std::unique_ptr<TrainingModel> model_;
  std::unique_ptr<Optimisers> optimisers_;
  int64_t step_ = 0;
  int64_t steps_ = 0;
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
