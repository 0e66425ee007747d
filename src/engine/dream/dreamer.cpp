#include "animate/dream.h"

#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "catalog/video_models.h"
#include "core/device.h"
#include "core/precision.h"
#include "core/tensor_image.h"
#include "core/threads.h"
#include "diffusion/latent_noise.h"
#include "engine/dream/dream_checks.h"
#include "engine/dream/dream_picture.h"
#include "engine/dream/dream_plan.h"
#include "engine/dream/kept_latents.h"
#include "engine/dream/ldm_dream.h"
#include "engine/model_facts.h"
#include "engine/output_clip.h"
#include "engine/provenance.h"
#include "engine/source_image.h"
#include "engine/summary.h"
#include "engine/translate_errors.h"
#include "media/codec_threads.h"
#include "models/video_ldm/ldm_weights.h"

// `animate dream`: photo -> latents of a clip, step by step -> frames, which stream into the writer.
namespace animate {
namespace {

using namespace engine;
namespace video = models::video_diffusion;

// A job whose model and photo are opened; no weight is read.
struct OpenedDream {
  video::VideoGenerator generator;
  torch::Device device;
  Image photo;
  DreamPlan plan;
};

OpenedDream open_dream(const DreamJob& job) {
  core::use_threads(job.runtime);
  media::set_codec_threads(static_cast<int>(job.runtime.threads));
  for (const auto& [given, flag] :
       {std::pair(!job.options.labels.empty(), "--labels"), std::pair(job.options.interpolate >= 0, "--interpolate")}) {
    check(!given, ErrorKind::Usage, "{}: is for a video LDM, and this model is none; leave it out", flag);
  }
  const torch::Device device = core::choose_device(job.runtime.device);
  core::apply_precision(core::choose_precision(job.runtime.precision, device), device);
  auto weights = video::VideoWeights::open(catalog::find_video_model(job.model.model), std::nullopt, job.options.unet);
  Image photo = load_source_image(job.source);
  DreamPlan plan = plan_dream(job, weights.configs(), photo, device);
  return {video::VideoGenerator(std::move(weights), device), device, std::move(photo), std::move(plan)};
}

// The job's model where it is a video LDM of our own; empty: it is Stable Video Diffusion.
std::filesystem::path ldm_of(const DreamJob& job) {
  auto model = catalog::find_video_model(job.model.model);
  return models::video_ldm::is_ldm_file(model) ? model : std::filesystem::path();
}

ModelFacts facts_of(const OpenedDream& dream) {
  const video::VideoWeights& weights = dream.generator.weights();
  catalog::FoundModel found;
  found.family = "video_diffusion";
  found.parts = weights.files();
  return describe_video_model(weights.name(), weights.parameters(), dream.device, found);
}

// One job at work: the state that its runs share.
class Dream {
 public:
  Dream(const DreamJob& job, const OpenedDream& opened, const OutputOptions& writing, Progress& progress,
        std::stop_token stop)
      : job_(job),
        opened_(opened),
        plan_(opened.plan),
        progress_(progress),
        stop_(std::move(stop)),
        noise_(static_cast<uint64_t>(job.options.seed)),
        output_(job.output, writing, {{job.options.fps, 1}, {1, job.options.fps}}, std::nullopt, std::nullopt) {}

  AnimateSummary run(const OutputOptions& writing) {
    const Stopwatch watch;
    AnimateSummary summary;
    summary.output = job_.output;
    auto picture = core::to_tensor(
        fit_picture(opened_.photo, {static_cast<int>(plan_.width), static_cast<int>(plan_.height)}, job_.options.fit));
    for (int64_t run = 0; run < plan_.runs; ++run) {
      const auto latents = dream_of(picture, run, summary);
      picture = decode(latents, run > 0, summary);
    }
    summary.frames = written_;
    finish_output(output_, summary, writing);
    summary.seconds = watch.seconds();
    return summary;
  }

 private:
  void check_stop() const {
    const auto& latents = job_.options.keep_latents;
    check(!stop_.stop_requested(), ErrorKind::Cancelled, "interrupted; {}",
          latents.empty() ? "nothing was written"
                          : fmt::format("the latents so far are in {0}, go on with --latents {0}", show(latents)));
  }

  torch::Tensor dream_of(const torch::Tensor& picture, int64_t run, AnimateSummary& summary) {
    const Stopwatch watch;
    const GuidanceRange guidance = guidance_of(job_.options);
    video::VideoRequest request;
    request.picture = picture;
    request.frames = plan_.frames;
    request.steps = plan_.steps;
    request.sampler = kind_of(job_.options.sampler);
    request.guidance = {guidance.first, guidance.last};
    request.motion = job_.options.motion;
    request.fps = static_cast<double>(job_.options.fps);
    request.noise = job_.options.noise;
    request.draw = [this](at::IntArrayRef shape) { return noise_.draw(shape); };
    const DreamOptions& options = job_.options;
    if (!options.latents.empty()) request.from = read_latents(options.latents, options, plan_);
    if (!options.keep_latents.empty()) {
      request.keep = [&](const video::LatentsSoFar& so_far) {
        save_latents(options.keep_latents, so_far, options, plan_, run);
      };
    }
    progress_.start("dreaming", plan_.steps);
    int64_t steps = 0;
    const auto latents = opened_.generator.generate(request, [&](int64_t done, int64_t, const torch::Tensor&) {
      progress_.advance(steps = done);
      return !stop_.stop_requested();
    });
    progress_.finish(steps);
    check_stop();
    summary.render_seconds += watch.seconds();
    return latents;
  }

  // Frames go to the encoder as they come; a run that continues another leaves out its first, which is the other's
  // last. The last frame is returned, [1, 3, H, W].
  torch::Tensor decode(const torch::Tensor& latents, bool continues, AnimateSummary& summary) {
    const Stopwatch watch;
    progress_.start("decoding", plan_.frames);
    int64_t seen = 0;
    torch::Tensor last;
    opened_.generator.decode(latents, plan_.chunk, [&](const torch::Tensor& frames) {
      for (const auto& frame : frames.split(1)) {
        const bool repeated = continues && seen == 0;
        if (!repeated && written_ < plan_.length) output_.write(core::to_image(frame), written_++, 1);
        ++seen;
      }
      last = frames.narrow(0, frames.size(0) - 1, 1).clone();
      progress_.advance(seen);
      check_stop();
    });
    progress_.finish(seen);
    summary.decode_seconds += watch.seconds();
    return last;
  }

  const DreamJob& job_;
  const OpenedDream& opened_;
  const DreamPlan& plan_;
  Progress& progress_;
  std::stop_token stop_;
  diffusion::LatentNoise noise_;
  OutputClip output_;
  int64_t written_ = 0;
};

class EngineDreamer : public Dreamer {
 public:
  void check(const DreamJob& job) const override {
    translate_errors([&] { check_dream(job); });
  }

  DreamPlan plan(const DreamJob& job, bool probe) const override {
    check(job);
    return translate_errors([&] {
      if (const auto model = ldm_of(job); !model.empty()) {
        DreamPlan plan = plan_ldm_dream(job, model);
        if (probe) probe_seconds(plan, core::choose_device(job.runtime.device));
        return plan;
      }
      OpenedDream opened = open_dream(job);
      if (probe) probe_seconds(opened.plan, opened.device);
      return opened.plan;
    });
  }

  DreamResult make(const DreamJob& job, Progress& progress, std::stop_token stop) const override {
    check(job);
    return translate_errors([&] {
      if (const auto model = ldm_of(job); !model.empty()) return make_ldm_dream(job, model, progress, std::move(stop));
      const OpenedDream opened = open_dream(job);
      const DreamPlan& plan = opened.plan;
      require_memory(plan);
      for (const std::string& hint : plan.hints) log::info("{}", hint);
      log::info("{} of {}x{}, {} calls of the UNet, {:.3g} TFLOP, about {:.1f} GB of memory, {} decoded at once, on {}",
                counted(plan.length, "frame"), plan.width, plan.height, plan.calls, plan.tflop, plan.memory / 1e9,
                plan.chunk, plan.device);
      DreamResult result;
      result.model = facts_of(opened);
      OutputOptions writing = job.writing;
      if (writing.provenance)
        writing.metadata.merge(provenance_of(result.model, "from one picture and random numbers"));
      result.summary = Dream(job, opened, writing, progress, std::move(stop)).run(writing);
      for (const std::string& warning : result.summary.warnings) log::warn("{}", warning);
      log::info("{} in {:.1f} s", counted(result.summary.frames, "frame"), result.summary.seconds);
      return result;
    });
  }
};

}  // namespace

std::unique_ptr<Dreamer> make_dreamer() { return std::make_unique<EngineDreamer>(); }

}  // namespace animate
