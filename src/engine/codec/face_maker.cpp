#include "animate/faces.h"

#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/file_kind.h"
#include "base/file_suffix.h"
#include "base/log.h"
#include "base/overwrite.h"
#include "base/stopwatch.h"
#include "base/temp_file.h"
#include "base/utc_time.h"
#include "catalog/runtime_choices.h"
#include "checkpoint/checkpoint.h"
#include "engine/codec/drawn_faces.h"
#include "engine/codec/open_codec.h"
#include "engine/job_checks.h"
#include "engine/provenance.h"
#include "engine/summary.h"
#include "engine/translate_errors.h"

// `animate faces`: normal numbers -> codes -> pictures -> a sheet, single pictures or a walk.
namespace animate {
namespace {

using namespace engine;

constexpr Rational kUsualRate{25, 1};

// The options as the job means them: a clip can only be a walk.
FacesOptions meant(const FacesJob& job) {
  FacesOptions options = job.options;
  options.walk = options.walk || (!names_a_series(job.output) && !has_written_picture_suffix(job.output));
  return options;
}

Rational rate_of(const FacesJob& job) {
  const RateChoice& fps = job.writing.fps;
  return fps.kind == RateChoice::Kind::Fixed ? fps.rate : kUsualRate;
}

void check_options(const FacesJob& job) {
  const FacesOptions& options = job.options;
  // The command line has refused these already; other programs' values come from anywhere.
  check(options.count >= 1, ErrorKind::Usage, "--count {}: there is nothing to draw; give at least 1", options.count);
  check(options.temperature >= 0 && options.temperature <= 3, ErrorKind::Usage,
        "--temperature {}: must lie in 0 to 3; 1 draws faces as they are spread", options.temperature);
  check(options.columns >= 1 && options.size >= 1 && options.steps >= 1, ErrorKind::Usage,
        "--columns, --size and --steps must be at least 1; correct them");
  check(!options.walk || !names_one_written_picture(job.output), ErrorKind::Usage,
        "{}: is one picture, and --walk makes a clip; give a name that ends in .mp4, or leave out --walk",
        show(job.output));
  const RateChoice::Kind rate = job.writing.fps.kind;
  check(rate == RateChoice::Kind::Own || rate == RateChoice::Kind::Fixed, ErrorKind::Usage,
        "--fps {}: faces have no clip whose rate could be taken; give a number", job.writing.fps.text());
}

void check_files(const FacesJob& job) {
  media::check_output_name(job.output, writer_options(job.writing));
  source_date_epoch();
  if (!job.distribution.empty()) {
    require_file(job.distribution, "a distribution of codes, .npz or .safetensors");
    std::error_code ec;
    check(!std::filesystem::equivalent(job.output, job.distribution, ec) || ec, ErrorKind::Usage,
          "{}: is the distribution itself and would be overwritten; choose another output", show(job.output));
  }
  catalog::check_runtime(job.runtime);
  check_overwrite(job.output, job.writing.overwrite);
  const TempFile probe(job.output);
}

// The distribution to draw from: the one that was named, or the model's own.
models::FaceDistribution distribution_of(const FacesJob& job, const models::FaceCodec& codec) {
  const models::CodecInfo& info = codec.info();
  if (!job.distribution.empty()) {
    const auto file = checkpoint::Checkpoint::open(job.distribution);
    const auto below = file.scope("distribution");
    auto found = models::read_distribution(below.empty() ? file.scope("") : below);
    check(found.length() == info.numbers, ErrorKind::Model,
          "{}: is a distribution of {} numbers, and the codes of {} have {}; give the one that was fitted with it",
          file.name(), found.length(), info.name, info.numbers);
    return found;
  }
  check(codec.distribution() != nullptr, ErrorKind::Model,
        "{}: has no distribution of its codes, which faces are drawn from; fit one with `animate train --fit-only`, or "
        "give it with --distribution FILE.npz",
        info.name);
  return *codec.distribution();
}

AnimateSummary draw(const FacesJob& job, const models::FaceCodec& codec, const OutputOptions& writing,
                    Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const FacesOptions options = meant(job);
  const auto codes = draw_codes(distribution_of(job, codec), options);
  const Rational rate = rate_of(job);
  OutputClip output(job.output, writing, {rate, {rate.den, rate.num}}, std::nullopt, std::nullopt);
  AnimateSummary summary;
  summary.output = job.output;
  const bool sheet = !options.walk && !names_a_series(job.output);
  std::vector<Image> faces;
  const auto keep = [&](const Image& face) {
    if (sheet) {
      faces.push_back(face);
    } else {
      output.write(face, summary.frames++, 1);
    }
  };
  paint_codes(codec, codes, options.size, keep, progress, std::move(stop));
  if (sheet) output.write(sheet_of_faces(faces, options.columns), summary.frames++, 1);
  finish_output(output, summary, writing);
  summary.seconds = watch.seconds();
  for (const std::string& warning : summary.warnings) log::warn("{}", warning);
  log::info("{} in {:.2f} s", counted(options.count, "face"), summary.seconds);
  return summary;
}

class EngineFaceMaker : public FaceMaker {
 public:
  void check(const FacesJob& job) const override {
    translate_errors([&] {
      check_options(job);
      check_files(job);
    });
  }

  FacesResult make(const FacesJob& job, Progress& progress, std::stop_token stop) const override {
    check(job);
    return translate_errors([&] {
      const OpenedCodec opened = open_codec(job.model, job.runtime);
      FacesResult result;
      result.model = opened.facts();
      OutputOptions writing = job.writing;
      if (writing.provenance) writing.metadata.merge(provenance_of(result.model, "from random numbers"));
      result.summary = draw(job, *opened.codec, writing, progress, std::move(stop));
      return result;
    });
  }
};

}  // namespace

std::unique_ptr<FaceMaker> make_face_maker() { return std::make_unique<EngineFaceMaker>(); }

}  // namespace animate
