#include "engine/codec/latent_clip.h"

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/stopwatch.h"
#include "engine/codec/latent_morph.h"
#include "engine/morph/morph_output.h"
#include "engine/source_image.h"
#include "engine/still/source_picture.h"
#include "engine/summary.h"
#include "media/image_io.h"
#include "pictures/resize_image.h"

namespace animate::engine {
namespace {

void check_latent(const CheckedJob& job, const models::CodecInfo& info) {
  check(job.options.morph.method != MorphMethod::Motion, ErrorKind::Usage,
        "--method motion: paints two pictures in one pose, and {} is an autoencoder of faces, which has no poses; give "
        "another model with -m, or leave it out",
        info.name);
  check(job.options.crop.paste_back != Switch::On, ErrorKind::Usage,
        "--paste-back: the codes are of faces alone; leave it out");
}

Image read_face_of(const Input& input, const CropOptions& options, std::vector<std::string>& warnings) {
  SourcePicture part(load_source_image(input.path), show(input.path), options, SourcePicture::WithoutFace::Refuse);
  append(warnings, part.warnings());
  return part.crop();
}

}  // namespace

AnimateSummary run_latent_clip(const models::FaceCodec& codec, const CheckedJob& job, Progress& progress,
                               std::stop_token stop) {
  const Stopwatch watch;
  check_latent(job, codec.info());
  require_encoder(codec);
  AnimateSummary summary;
  std::vector<Image> faces{read_face_of(job.source, job.options.crop, summary.warnings)};
  for (const Input& target : job.targets) {
    faces.push_back(read_face_of(target, job.options.crop, summary.warnings));
  }

  const MorphPlan plan = plan_morph(job);
  std::vector<CodeMoment> moments;
  for (const motion::MorphStep& step : plan.steps) moments.push_back({step.from, step.to, step.position});
  const MorphOptions& options = job.options.morph;
  const int side = static_cast<int>(options.size > 0 ? options.size : codec.info().side);
  MorphOutput output(job, plan, MorphOutput::Sheet::OfItsOwn);
  double encoding = 0;
  size_t next = 0;
  const auto write = [&](const Image& picture) {
    const Stopwatch writing;
    output.write(pictures::resize_image(picture, side, side), next++);
    encoding += writing.seconds();
  };
  paint_latent_morph(codec, faces, moments, write, progress, stop);
  summary.frames = static_cast<int64_t>(next);
  summary.encode_seconds = encoding;
  summary.render_seconds = watch.seconds() - encoding;
  output.finish(summary);
  if (!options.grid.empty()) media::save_image(options.grid, latent_morph_sheet(codec, faces.front(), faces.back()));
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
