#include "train/training_run.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/nn/fast_conv/trained_convolution.h"
#include "core/right_convolutions.h"

// The loop around a task, made so that a run can be stopped anywhere and goes on as if it had not been:
//
//   resume   checkpoint of the run, --resume, --init or fresh weights
//     |
//     v
//   step     fetch the batch -> losses and gradients -> optimisers        step_ counts finished steps
//     |      every so often: a line of the log, a sheet, figures on held-out data, a checkpoint
//     +----- until steps_, or a stop request
//     |
//     v
//   end      checkpoint; after all steps also the model for -m
//
// Everything random in a step follows from the run's seed and the step's number, never from what came before. So
// networks, optimisers and the number are all that a checkpoint needs. Weights that are not finite never reach a
// checkpoint.
namespace animate::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCheckpoint = "checkpoint.pth.tar";
constexpr const char* kModel = "model.safetensors";
constexpr const char* kLog = "log.jsonl";

bool all_finite(const torch::nn::Module& network) {
  // Absolute values cannot cancel each other, so their sum is finite only if all of them are.
  const auto finite = [](const torch::Tensor& tensor) {
    return std::isfinite(tensor.detach().abs().sum(torch::kDouble).item<double>());
  };
  const auto parameters = network.parameters();
  const auto buffers = network.buffers();
  return std::all_of(parameters.begin(), parameters.end(), finite) &&
         std::all_of(buffers.begin(), buffers.end(), finite);
}

}  // namespace

TrainingRun::TrainingRun(TrainingTask& task, const TrainJob& job, Progress& progress, std::stop_token stop)
    : task_(task),
      job_(job),
      progress_(progress),
      stop_(stop),
      conv_(job.options.runtime.conv),
      setup_(task.setup()),
      steps_(job.options.steps > 0 ? job.options.steps : task.planned_steps()) {
  check(steps_ > 0, ErrorKind::Usage, "nothing to train: give --steps, or num_epochs in the config");
}

TrainSummary TrainingRun::run() {
  const core::RightGradients right;  // for as long as the run lives, see right_convolutions.h
  resume();
  // All steps done and no model: its writing failed or was interrupted, and is what is left to do.
  std::error_code ec;
  const bool only_model = step_ == steps_ && !fs::exists(job_.output / kModel, ec);
  check(step_ < steps_ || only_model, ErrorKind::Usage, "{}: has {} steps already; give more --steps to go on",
        show(job_.output), step_);
  fs::create_directories(job_.output / "sheets", ec);
  check(!ec, ErrorKind::Input, "{}: the folder cannot be made ({}); choose another output", show(job_.output),
        ec.message());
  TrainSummary summary;
  summary.first_step = step_;
  RunLog log(job_.output / kLog, step_);
  const Stopwatch watch;
  progress_.start("training", steps_);
  bool first_line = true;
  const auto write_log = [&] {
    summary.last_loss = log.write(step_, epoch(), watch.seconds());
    if (first_line) summary.first_loss = summary.last_loss;
    first_line = false;
  };
  while (step_ < steps_ && !stop_.stop_requested()) {
    train_one(log);
    progress_.advance(step_);
    if (due(job_.options.log_every)) write_log();
    // First what the run cannot do without: sheets and validation may fail, or be stopped.
    if (due(job_.options.checkpoint_every)) save();
    if (job_.options.sheet_every > 0 && due(job_.options.sheet_every)) {
      task_.write_sheet(job_.output / "sheets" / fmt::format("{:07d}.png", step_));
    }
    if (step_ == steps_ || (task_.validate_every() > 0 && step_ % task_.validate_every() == 0)) validate(log);
  }
  if (log.pending()) write_log();
  if (step_ > saved_step_) save();
  progress_.finish(step_);
  if (stop_.stop_requested()) tell_interruption();
  summary.model = job_.output / kModel;
  task_.export_model(summary.model, fmt::format("{} steps, seed {}", step_, job_.options.seed));
  summary.steps = step_;
  summary.skipped = skipped_;
  summary.seconds = watch.seconds();
  return summary;
}

// Whether something that happens every so many steps, and at the end, happens now.
bool TrainingRun::due(int64_t every) const { return step_ == steps_ || (every > 0 && step_ % every == 0); }

void TrainingRun::tell_interruption() const {
  check(step_ > 0, ErrorKind::Cancelled, "interrupted before the first step; there is nothing to go on from");
  const std::string checkpoint = show(job_.output / kCheckpoint);
  // --resume names where a run begins, so the same command would begin there again.
  check(job_.resume.empty(), ErrorKind::Cancelled, "interrupted at step {}; go on with --resume {}", step_, checkpoint);
  fail(ErrorKind::Cancelled, "interrupted at step {}; the same command goes on from {}", step_, checkpoint);
}

void TrainingRun::resume() {
  // What was asked for wins over what lies in the output folder; --init is for new runs only.
  fs::path from = job_.resume;
  if (from.empty() && fs::exists(job_.output / kCheckpoint)) from = job_.output / kCheckpoint;
  if (from.empty()) {
    if (!job_.init.empty()) start_from(job_.init);
    return;
  }
  require_file(from, "a training checkpoint");
  // Compared before any weight is loaded: a key says more than a shape that does not fit.
  const checkpoint::Checkpoint file = checkpoint::Checkpoint::open(from);
  const TrainingState state = task_.state();
  const TrainingProgress stored = read_run_progress(file, state);
  refuse_other_setup(stored.extras, setup_, show(from));
  load_run_checkpoint(file, state);
  // The original's checkpoints count epochs only, and the one they name is begun again.
  step_ = stored.extras.empty() ? stored.epoch * task_.steps_per_epoch() : stored.step;
  saved_step_ = step_;
  log::info("goes on from step {} of {}", step_, show(from));
}

void TrainingRun::start_from(const fs::path& path) {
  require_file(path, "a model to start from");
  const auto fresh = task_.start_from(checkpoint::Checkpoint::open(path));
  log::info("starts from the weights of {}; {} of its tensors do not fit this config and begin anew", show(path),
            fresh.size());
  for (const std::string& name : fresh) log::debug("begins anew: {}", name);
}

void TrainingRun::train_one(RunLog& log) {
  const int64_t skipped = fetch();
  skipped_ += skipped;
  log.add_skipped(skipped);
  // LibTorch's own generator gets another seed than the task's draws of the same step: 2^40 is beyond any step's
  // number.
  torch::manual_seed(mixed(static_cast<uint64_t>(step_) + (uint64_t{1} << 40)));
  const core::nn::FastTraining fast(conv_);
  try {
    const StepLosses losses = task_.step({step_, epoch(), mixed(static_cast<uint64_t>(step_))});
    log.add(losses.objective, losses.adversary);
  } catch (const NotANumber& trouble) {
    require_numbers(false, fmt::format("{} is no longer a number", trouble.what()).c_str(), step_ + 1);
  }
  ++step_;
}

// Seeds that lie far apart for different runs: 2^64 divided by the golden ratio, as in Knuth's multiplicative hashing.
uint64_t TrainingRun::mixed(uint64_t value) const {
  return (static_cast<uint64_t>(job_.options.seed) + 1) * 0x9E3779B97F4A7C15ULL + value;
}

// Where reading the data fails, the steps since the last checkpoint are saved before the error goes on.
int64_t TrainingRun::fetch() {
  try {
    return task_.fetch(step_);
  } catch (const Error&) {
    try {
      if (step_ > saved_step_) save();
    } catch (const Error& second) {
      log::warn("{}", second.what());  // the data's own fault is the one to tell
    }
    throw;
  }
}

void TrainingRun::validate(RunLog& log) {
  const Stopwatch watch;
  const auto figures = task_.validate();
  if (figures.empty()) return;
  log.write_figures(step_, figures);
  std::string text;
  for (const Figure& figure : figures) {
    text += fmt::format("\n  {:<28} {:>8.4f}  wanted {} {:g}{}", figure.name, figure.value,
                        figure.at_most ? "at most" : "at least", figure.wanted, figure.reached() ? "" : "  (not yet)");
  }
  log::info("on held-out data, step {} ({:.0f} s):{}", step_, watch.seconds(), text);
}

// Ends the run before NaN or infinity reach a checkpoint, which could not be resumed.
void TrainingRun::require_numbers(bool finite, const char* what, int64_t step) const {
  if (finite) return;
  const fs::path checkpoint = job_.output / kCheckpoint;
  std::error_code ec;
  fail(ErrorKind::Input, "{}: {} at step {}; lower the learning rates and begin {}", show(job_.config), what, step,
       fs::exists(checkpoint, ec) ? fmt::format("a new run with --init {}, the last good checkpoint", show(checkpoint))
                                  : "again, for there is no checkpoint yet");
}

void TrainingRun::save() {
  const TrainingState state = task_.state();
  for (const auto& network : state.networks) {
    require_numbers(all_finite(*network.module), "the weights are no longer numbers", step_);
  }
  save_run_checkpoint(job_.output / kCheckpoint, state, {epoch(), step_, setup_.to_extras()});
  saved_step_ = step_;
}

}  // namespace animate::train
