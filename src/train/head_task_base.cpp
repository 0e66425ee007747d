#include "train/head_task_base.h"

#include <cmath>

#include "base/error.h"
#include "train/head_tasks.h"

namespace animate::train {

HeadTaskBase::HeadTaskBase(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config)
    : FommTaskBase(job, model, config, "structural"),
      draws_(config, static_cast<uint64_t>(job.options.seed)),
      config_kp_(model.num_kp) {}

torch::Tensor HeadTaskBase::render(std::span<const heads::Head> drawn) const {
  return heads::render_heads(drawn, {model_config_.frame_height, device_, 0})
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

void HeadTaskBase::set_rates(const TrainingStep& now) {
  optimisers_.set_epoch(config_, now.epoch);
  if (config_.lr_half_life == 0) return;
  const double share = std::exp2(-static_cast<double>(now.step) / static_cast<double>(config_.lr_half_life));
  for (Adam* adam : {&optimisers_.generator, &optimisers_.detector}) {
    adam->set_learning_rate(adam->learning_rate() * share);
  }
}

void HeadTaskBase::descend(const Losses& losses) {
  const auto loss = losses.total();
  if (!std::isfinite(loss.item<double>())) throw NotANumber("the loss");
  loss.backward();
  if (config_.max_gradient_norm > 0) optimisers_.clip_gradients(config_.max_gradient_norm);
  optimisers_.generator.step();
  optimisers_.detector.step();
  optimisers_.zero_grad();
}

std::unique_ptr<TrainingTask> make_head_task(const TrainJob& job, const models::fomm::Config& model,
                                             const TrainConfig& config) {
  const char* const phase = word_of(config.phase);
  check(!job.data, ErrorKind::Usage,
        "--data {}: the phase '{}' of the config learns from what is known of drawn heads; give --data heads, or a "
        "config without 'train_params.phase'",
        show(job.data.value_or("")), phase);
  check(job.vgg.empty(), ErrorKind::Usage, "--vgg {}: has no effect in the phase '{}' of the config; leave it out",
        show(job.vgg), phase);
  check(model.frame_width == model.frame_height, ErrorKind::Model,
        "drawn heads are square: frame_shape is {}x{}; correct the config", model.frame_width, model.frame_height);
  check(model.num_channels == 3 && model.estimate_jacobian, ErrorKind::Model,
        "{}: the phase '{}' trains colour models with Jacobians; set num_channels to 3 and estimate_jacobian to True",
        show(job.config), phase);
  model.check_frame_size(model.frame_height, model.frame_width);
  switch (config.phase) {
    case Phase::Detector: return make_detector_task(job, model, config);
    case Phase::Motion: return make_motion_task(job, model, config);
    default: return make_painter_task(job, model, config);
  }
}

}  // namespace animate::train
