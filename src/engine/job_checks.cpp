#include "engine/job_checks.h"

#include <utility>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/file_suffix.h"
#include "base/overwrite.h"
#include "base/temp_file.h"
#include "base/utc_time.h"
#include "catalog/runtime_choices.h"
#include "engine/idle_checks.h"
#include "engine/morph/morph_checks.h"
#include "engine/portrait/edit_checks.h"
#include "media/media_info.h"
#include "motion/template_file.h"

namespace animate::engine {
namespace {

namespace fs = std::filesystem;

void check_not_an_input(const fs::path& output, const fs::path& input, const char* role) {
  std::error_code ec;
  check(!fs::equivalent(output, input, ec) || ec, ErrorKind::Usage,
        "{}: is the {} itself and would be overwritten; choose another output", show(output), role);
}

// What plainly is another kind of file is told as what it is; a decoder would say only that it knows nothing of it.
void check_kind(const Input& input) {
  if (input.kind != Input::Kind::Unknown) return;
  const FileKind kind = file_kind_of(input.path);
  check(kind != FileKind::Zip && kind != FileKind::Gzip && kind != FileKind::Tar, ErrorKind::Input,
        "{}: is an archive; unpack it and give a picture or a clip, or give it with -m if it holds weights",
        show(input.path));
  check(kind != FileKind::Pickle, ErrorKind::Input,
        "{}: is a pickle; a motion template is given with -d, weights with -m, and here a picture or a clip",
        show(input.path));
  check(!motion::is_motion_template(input.path), ErrorKind::Input,
        "{}: is a motion template, which drives; give it with -d, and what it moves with -s", show(input.path));
  check(kind != FileKind::Safetensors, ErrorKind::Input,
        "{}: holds a network's weights; give it with -m, and a picture or a clip here", show(input.path));
}

// Folders and series are opened as pictures one after the other; everything else is one file.
void check_file(const Input& input, const char* wanted) {
  if (input.media == media::MediaKind::Folder || input.media == media::MediaKind::Pattern) return;
  require_file(input.path, wanted);
  refuse_failed_download(input.path);
  check_kind(input);
}

constexpr const char* kDriver = "a driving video, a folder of pictures or a motion template";

void check_driver(const Input& driving) {
  if (driving.given() && !driving.is_idle()) check_file(driving, kDriver);
}

void check_trim(const DrivingOptions& options) {
  check(options.start < options.end, ErrorKind::Usage, "--start {} does not lie before --end {}; swap or correct them",
        options.start, options.end);
}

// Fails now if nothing can be created there, instead of after all the work.
void check_writable(const fs::path& output) { const TempFile probe(output); }

}  // namespace

CheckedJob checked_job(const AnimateJob& asked) {
  JobInputs inputs = look_at_inputs(asked.source, asked.driving, asked.options);
  CheckedJob job{std::move(inputs.source), std::move(inputs.driving), asked.output, asked.options, asked.preview};
  for (const fs::path& target : asked.targets) job.targets.push_back(look_at_source(target));
  check_file(job.source, "a picture");
  for (const Input& target : job.targets) check_file(target, "a picture");
  check_driver(job.driving);
  check_trim(job.options.driving);
  check_not_an_input(job.output, job.source.path, job.is_edit() ? "source" : "source picture");
  if (job.driving.given() && !job.driving.is_idle()) check_not_an_input(job.output, job.driving.path, "driving clip");
  for (const Input& target : job.targets) check_not_an_input(job.output, target.path, "target picture");
  const OutputOptions& output = job.options.output;
  media::check_output_name(job.output, writer_options(output));
  check(!job.preview || has_written_picture_suffix(job.output), ErrorKind::Usage,
        "{}: a contact sheet is a picture; give --preview a name that ends in .png or .jpg", show(job.output));
  source_date_epoch();
  if (output.audio.kind == SoundChoice::Kind::File) {
    require_file(output.audio.file, "a file with sound");
    check_not_an_input(job.output, output.audio.file, "sound file");
    media::check_sound(output.audio.file);
  }
  check(output.audio.kind != SoundChoice::Kind::Source || job.is_edit() || !job.source.is_picture(), ErrorKind::Usage,
        "--audio source: a picture has no sound; use --audio driving, none or a file");
  const CropOptions& crop = job.options.crop;
  check(crop.paste_back != Switch::On || crop.crop.kind != CropChoice::Kind::None, ErrorKind::Usage,
        "--paste-back needs a crop to put back; add --crop auto or --crop x,y,w,h");
  catalog::check_runtime(job.options.runtime);
  check_edits(job);
  check_morph(job);
  check_idle(job.options, job.driving, job.output);
  check_overwrite(job.output, output.overwrite);
  check_writable(job.output);
  return job;
}

CheckedTemplateJob checked_job(const TemplateJob& asked) {
  CheckedTemplateJob job{look_at_inputs({}, asked.driving, asked.options).driving, asked.output, asked.options};
  // No path at all is told as a file that is missing.
  if (!job.driving.is_idle()) check_file(job.driving, kDriver);
  check_trim(job.options.driving);
  if (!job.driving.is_idle()) check_not_an_input(job.output, job.driving.path, "driving clip");
  check_idle(job.options, job.driving, job.output);
  catalog::check_runtime(job.options.runtime);
  check_overwrite(job.output, job.options.output.overwrite);
  check_writable(job.output);
  return job;
}

media::VideoWriterOptions writer_options(const OutputOptions& options) {
  media::VideoWriterOptions writer;
  writer.codec = options.codec;
  writer.preset = options.encoder_preset;
  writer.pix_fmt = options.pix_fmt;
  writer.crf = static_cast<int>(options.crf);
  return writer;
}

}  // namespace animate::engine
