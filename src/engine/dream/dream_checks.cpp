#include "engine/dream/dream_checks.h"

#include "base/error.h"
#include "base/file_kind.h"
#include "base/overwrite.h"
#include "base/temp_file.h"
#include "base/utc_time.h"
#include "catalog/runtime_choices.h"
#include "engine/job_checks.h"

namespace animate::engine {
namespace {

// Of the published autoencoder; a model's own is checked once its config is read.
constexpr int64_t kUsualFactor = 8;

void check_side(const char* flag, int64_t side) {
  check(side % kUsualFactor == 0, ErrorKind::Usage, "{} {}: has to be a multiple of {}; give {}", flag, side,
        kUsualFactor, (side / kUsualFactor + 1) * kUsualFactor);
}

void check_precision(const RuntimeOptions& runtime) {
  const PrecisionChoice precision = catalog::chosen_precision(runtime);
  check(precision != PrecisionChoice::Fp16 && precision != PrecisionChoice::Bf16, ErrorKind::Usage,
        "--precision {}: video diffusion computes in fp32 or tf32 so far; leave it out", word_of(precision));
}

void check_latents_file(const DreamJob& job) {
  const auto& latents = job.options.keep_latents;
  if (latents.empty()) return;
  check(latents.extension() == ".safetensors", ErrorKind::Usage,
        "--keep-latents {}: latents are kept as .safetensors; give such a name", show(latents));
  check_overwrite(latents, job.writing.overwrite);
  const TempFile probe(latents);
}

}  // namespace

void check_dream(const DreamJob& job) {
  check(!job.source.empty(), ErrorKind::Usage,
        "-s PHOTO is missing; give the picture that the clip starts from: animate dream -s photo.jpg -o clip.mp4");
  require_file(job.source, "a picture");
  check((job.options.width == 0) == (job.options.height == 0), ErrorKind::Usage,
        "--width and --height belong together; give both or neither");
  check_side("--width", job.options.width);
  check_side("--height", job.options.height);
  check(job.options.sampler != DreamSampler::Lcm || job.options.steps <= 8, ErrorKind::Usage,
        "--steps {}: lcm knows 1 to 8; give fewer, or another sampler", job.options.steps);
  if (!job.options.unet.empty()) require_file(job.options.unet, "weights of a UNet");
  catalog::check_runtime(job.runtime);
  check_precision(job.runtime);
  media::check_output_name(job.output, writer_options(job.writing));
  std::error_code ec;
  check(!std::filesystem::equivalent(job.output, job.source, ec) || ec, ErrorKind::Usage,
        "{}: is the source itself and would be overwritten; choose another output", show(job.output));
  source_date_epoch();
  check_overwrite(job.output, job.writing.overwrite);
  const TempFile probe(job.output);
  check_latents_file(job);
  if (!job.options.latents.empty()) require_file(job.options.latents, "latents that --keep-latents kept");
}

}  // namespace animate::engine
