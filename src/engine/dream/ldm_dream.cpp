#include "engine/dream/ldm_dream.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/stopwatch.h"
#include "core/device.h"
#include "core/precision.h"
#include "core/tensor_image.h"
#include "core/threads.h"
#include "core/triangle_resize.h"
#include "diffusion/latent_noise.h"
#include "engine/dream/dream_picture.h"
#include "engine/dream/dream_plan.h"
#include "engine/model_facts.h"
#include "engine/output_clip.h"
#include "engine/provenance.h"
#include "engine/source_image.h"
#include "engine/summary.h"
#include "media/codec_threads.h"
#include "models/video_diffusion/clip_cost.h"
#include "models/video_ldm/clip_chain.h"

namespace animate::engine {
namespace {

namespace ldm = models::video_ldm;

constexpr int64_t kLdmSteps = 20;
constexpr double kLdmGuidance = 1.5;
// Rates are told as fractions of so many parts.
constexpr int64_t kRateUnits = 100;

void refuse_for_ldm(const DreamOptions& options, const ldm::LdmNetworks& networks) {
  const auto refuse = [&](bool given, const char* flag) {
    check(!given, ErrorKind::Usage, "{}: has no effect with {}, which is a video LDM; leave it out", flag,
          networks.name);
  };
  refuse(!options.unet.empty(), "--unet");
  refuse(!options.latents.empty(), "--latents");
  refuse(!options.keep_latents.empty(), "--keep-latents");
  refuse(options.sampler == DreamSampler::Lcm, "--sampler lcm");
  check(options.interpolate < 1 || networks.interpolation, ErrorKind::Usage,
        "--interpolate {}: {} has no network for that; train the stage interpolation on it, or leave it out",
        options.interpolate, networks.name);
  check(options.width == options.height, ErrorKind::Usage,
        "--width {} --height {}: a video LDM paints square pictures; give both alike", options.width, options.height);
  check(options.frames != 1, ErrorKind::Usage, "--frames 1: a run goes on from a frame; give 2 or more");
}

struct OpenedLdm {
  ldm::LdmNetworks networks;
  torch::Device device;
  DreamPlan plan;
  int64_t interpolate = 0;
};

OpenedLdm open_ldm(const DreamJob& job, const std::filesystem::path& model) {
  core::use_threads(job.runtime);
  media::set_codec_threads(static_cast<int>(job.runtime.threads));
  const torch::Device device = core::choose_device(job.runtime.device);
  core::apply_precision(core::choose_precision(job.runtime.precision, device), device);
  OpenedLdm opened{ldm::LdmNetworks::open(model, device), device, {}, 0};
  const ldm::LdmConfig& config = opened.networks.config;
  const DreamOptions& options = job.options;
  refuse_for_ldm(options, opened.networks);
  opened.networks.token_of(options.labels);
  opened.interpolate = options.interpolate >= 0 ? options.interpolate : opened.networks.interpolation ? 1 : 0;

  DreamPlan& plan = opened.plan;
  plan.frames = options.frames > 0 ? options.frames : config.frames;
  plan.length = options.length > 0 ? options.length : ldm::dense_length(plan.frames, opened.interpolate);
  plan.runs = ldm::runs_of_chain(ldm::keys_of(plan.length, opened.interpolate), plan.frames);
  plan.width = plan.height = options.width > 0 ? options.width : config.picture;
  plan.steps = options.steps > 0 ? options.steps : kLdmSteps;
  const auto strength = options.guidance ? options.guidance->last : kLdmGuidance;
  const int64_t calls_a_step = 1 + (strength > 1 ? 1 : 0) + (strength > 1 && !options.labels.empty() ? 1 : 0);
  plan.calls = plan.runs * plan.steps * calls_a_step * (1 + opened.interpolate);
  plan.chunk = 1;
  // Work and memory of a run; interpolating sees five frames where there were two.
  const models::video_diffusion::Configs configs{config.unet_of(ldm::Stage::Prediction), config.vae, {}};
  const auto cost = [&](int64_t frames) {
    return models::video_diffusion::unet_flop(configs, {frames, config.picture, config.picture}).sum();
  };
  double of_run = cost(plan.frames);
  for (int64_t level = 0; level < opened.interpolate; ++level) {
    of_run += cost((ldm::dense_length(plan.frames, level) - 1) * (ldm::kInterpolated + 1));
  }
  plan.tflop = static_cast<double>(plan.runs * plan.steps * calls_a_step) * of_run / 1e12;
  const int64_t most = std::max(plan.frames, ldm::dense_length(plan.frames, opened.interpolate) * 5 / 4);
  plan.memory = models::video_diffusion::unet_memory(configs, {most, config.picture, config.picture}).sum();
  plan.free_memory = device.is_cpu() ? static_cast<double>(available_memory()) : 0;
  plan.device = core::describe_device(device);
  return opened;
}

// A rate a second of the clip, whatever --fps says: the frames' distance is what the model learnt.
Rational rate_of(const OpenedLdm& opened) {
  const double rate = opened.networks.config.rate * std::pow(ldm::kInterpolated, opened.interpolate);
  const auto parts = static_cast<int64_t>(std::llround(rate * static_cast<double>(kRateUnits)));
  const int64_t common = std::gcd(parts, kRateUnits);
  return {parts / common, kRateUnits / common};
}

ModelFacts facts_of_ldm(const OpenedLdm& opened, const std::filesystem::path& model) {
  catalog::FoundModel found;
  found.family = "video_ldm";
  found.weights = model;
  ModelFacts facts = describe_video_model(opened.networks.name, opened.networks.parameters, opened.device, found);
  facts.family = found.family;
  return facts;
}

}  // namespace

DreamPlan plan_ldm_dream(const DreamJob& job, const std::filesystem::path& model) { return open_ldm(job, model).plan; }

DreamResult make_ldm_dream(const DreamJob& job, const std::filesystem::path& model, Progress& progress,
                           std::stop_token stop) {
  const Stopwatch watch;
  const OpenedLdm opened = open_ldm(job, model);
  const DreamPlan& plan = opened.plan;
  const ldm::LdmConfig& config = opened.networks.config;
  require_memory(plan);
  DreamResult result;
  result.model = facts_of_ldm(opened, model);
  result.summary.output = job.output;
  OutputOptions writing = job.writing;
  if (writing.provenance) writing.metadata.merge(provenance_of(result.model, "from one picture and random numbers"));

  const Image photo =
      fit_picture(load_source_image(job.source), {static_cast<int>(config.picture), static_cast<int>(config.picture)},
                  job.options.fit);
  const Rational rate = rate_of(opened);
  OutputClip output(job.output, writing, {rate, {rate.den, rate.num}}, std::nullopt, std::nullopt);
  diffusion::LatentNoise noise(static_cast<uint64_t>(job.options.seed));
  const torch::NoGradGuard no_grad;
  ldm::ChainRequest request;
  request.first = opened.networks.autoencoder->encode(core::to_tensor(photo).to(opened.device))[0];
  request.token = opened.networks.token_of(job.options.labels).to(opened.device);
  request.frames = plan.frames;
  request.length = plan.length;
  request.interpolate = opened.interpolate;
  request.sampling.steps = plan.steps;
  request.sampling.sampler = kind_of(job.options.sampler);
  request.sampling.context_guidance = job.options.guidance ? job.options.guidance->last : kLdmGuidance;
  request.sampling.label_guidance = job.options.labels.empty() ? 1 : request.sampling.context_guidance;
  request.sampling.draw = [&](at::IntArrayRef shape) { return noise.draw(shape); };
  request.sampling.goes_on = [&] { return !stop.stop_requested(); };
  progress.start("dreaming", plan.length);
  int64_t written = 0;
  ldm::make_chain(opened.networks, request, [&](const torch::Tensor& latents) {
    const auto frames = opened.networks.autoencoder->decode(latents).to(torch::kCPU);
    for (const auto& frame : frames.split(1)) {
      Image image = core::to_image(frame);
      if (plan.width != config.picture) {
        image = core::resize_triangle(image, static_cast<int>(plan.width), static_cast<int>(plan.height));
      }
      output.write(std::move(image), written++, 1);
    }
    progress.advance(written);
  });
  progress.finish(written);
  check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
  result.summary.frames = written;
  result.summary.render_seconds = watch.seconds();
  finish_output(output, result.summary, writing);
  result.summary.seconds = watch.seconds();
  for (const std::string& warning : result.summary.warnings) log::warn("{}", warning);
  log::info("{} in {:.1f} s", counted(written, "frame"), result.summary.seconds);
  return result;
}

}  // namespace animate::engine
