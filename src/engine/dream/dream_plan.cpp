#include "engine/dream/dream_plan.h"

#include <algorithm>

#include "base/error.h"
#include "base/memory.h"
#include "core/device.h"
#include "engine/dream/dream_picture.h"
#include "models/machine_probe.h"
#include "models/video_diffusion/clip_cost.h"

namespace animate::engine {
namespace {

namespace video = models::video_diffusion;

constexpr int64_t kUsualSteps = 25;
constexpr int64_t kLcmSteps = 4;

// What the published weights were trained on.
constexpr int64_t kTrainedWidth = 1024;
constexpr int64_t kTrainedHeight = 576;
constexpr int64_t kTrainedMultiple = 64;
constexpr int64_t kLowestFps = 5;
constexpr int64_t kHighestFps = 30;

// Of the memory that is left, for decoding: frames before the encoder and the system want some, too.
constexpr double kShareForDecoding = 0.6;

PictureSize size_of(const DreamOptions& options, const Image& photo) {
  if (options.width > 0) return {static_cast<int>(options.width), static_cast<int>(options.height)};
  return size_like(photo, kTrainedWidth * kTrainedHeight, kTrainedMultiple);
}

// Each run after the first begins with the frame that the one before ended with.
int64_t runs_of(int64_t length, int64_t frames) {
  if (length <= frames) return 1;
  check(frames > 1, ErrorKind::Usage, "--length {}: cannot be chained of single frames; give --frames 2 or more",
        length);
  return 1 + (length - frames + frames - 2) / (frames - 1);
}

void add_hints(DreamPlan& plan, const DreamOptions& options, const video::UnetConfig& unet) {
  const int64_t longer = std::max(plan.width, plan.height);
  const int64_t shorter = std::min(plan.width, plan.height);
  if (longer * shorter != kTrainedWidth * kTrainedHeight) {
    plan.hints.push_back(fmt::format("{}x{}: the published weights know {}x{}; other sizes move less well", plan.width,
                                     plan.height, kTrainedWidth, kTrainedHeight));
  }
  if (plan.frames > unet.frames) {
    plan.hints.push_back(fmt::format("--frames {}: the model was trained on {}", plan.frames, unet.frames));
  }
  if (options.fps < kLowestFps || options.fps > kHighestFps) {
    plan.hints.push_back(
        fmt::format("--fps {}: the published weights know {} to {}", options.fps, kLowestFps, kHighestFps));
  }
  if (plan.runs > 1) {
    plan.hints.push_back(
        fmt::format("--length {}: the model takes one picture and no frames before it, so {} runs are chained, each "
                    "from the last frame of the one before",
                    plan.length, plan.runs));
  }
}

}  // namespace

diffusion::SamplerKind kind_of(DreamSampler sampler) { return diffusion::sampler_of(word_of(sampler)); }

GuidanceRange guidance_of(const DreamOptions& options) {
  if (options.guidance) return *options.guidance;
  return options.sampler == DreamSampler::Lcm ? GuidanceRange{1, 1} : GuidanceRange{};
}

DreamPlan plan_dream(const DreamJob& job, const video::Configs& configs, const Image& photo,
                     const torch::Device& device) {
  const DreamOptions& options = job.options;
  DreamPlan plan;
  plan.frames = options.frames > 0 ? options.frames : configs.unet.frames;
  plan.length = options.length > 0 ? options.length : plan.frames;
  plan.runs = runs_of(plan.length, plan.frames);
  const PictureSize size = size_of(options, photo);
  plan.width = size.width;
  plan.height = size.height;
  const int64_t factor = configs.vae.factor();
  check(plan.width % factor == 0 && plan.height % factor == 0, ErrorKind::Usage,
        "{}x{}: both sides have to be multiples of {}; give --width and --height that are", plan.width, plan.height,
        factor);
  plan.steps = options.steps > 0 ? options.steps : options.sampler == DreamSampler::Lcm ? kLcmSteps : kUsualSteps;
  const GuidanceRange guidance = guidance_of(options);
  const bool guided = diffusion::Guidance{guidance.first, guidance.last}.is_on();
  const auto steps = static_cast<int64_t>(diffusion::plan_edm(kind_of(options.sampler), plan.steps).steps.size());
  plan.calls = plan.runs * steps * (guided ? 2 : 1);

  const video::ClipSize clip{plan.frames, plan.height, plan.width};
  plan.free_memory = device.is_cpu() ? static_cast<double>(available_memory()) : 0;
  plan.chunk = options.decode_chunk > 0 ? std::min(options.decode_chunk, plan.frames)
               : plan.free_memory > 0   ? video::chunk_within(configs, clip, plan.free_memory * kShareForDecoding)
                                        : 1;
  plan.memory = video::peak_memory(configs, clip, plan.chunk);
  const double of_run = video::clip_flop(configs).sum() + video::encoder_flop(configs, clip).sum() +
                        video::decoder_flop(configs, clip).sum();
  plan.tflop = (static_cast<double>(plan.calls) * video::unet_flop(configs, clip).sum() +
                static_cast<double>(plan.runs) * of_run) /
               1e12;
  plan.device = core::describe_device(device);
  add_hints(plan, options, configs.unet);
  return plan;
}

void probe_seconds(DreamPlan& plan, const torch::Device& device) {
  plan.seconds = plan.tflop * 1e3 / models::probe_machine(device).gflops;
}

void require_memory(const DreamPlan& plan) {
  check(
      plan.free_memory == 0 || plan.memory <= plan.free_memory, ErrorKind::Input,
      "{} frames of {}x{} need {:.1f} GB of memory, and {:.1f} GB are free; give fewer --frames, a smaller --width and "
      "--height, or a smaller --decode-chunk",
      plan.frames, plan.width, plan.height, plan.memory / 1e9, plan.free_memory / 1e9);
}

}  // namespace animate::engine
