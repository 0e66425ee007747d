#include "engine/job_checks.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/temp_file.h"
#include "base/utc_time.h"
#include "catalog/runtime_choices.h"
#include "engine/frame_rate.h"
#include "engine/portrait/edit_checks.h"
#include "face/crop_region.h"
#include "media/media_kind.h"

namespace animate {
namespace {

namespace fs = std::filesystem;

void check_not_an_input(const fs::path& output, const fs::path& input, const char* role) {
  std::error_code ec;
  check(!fs::equivalent(output, input, ec) || ec, ErrorKind::Usage,
        "{}: is the {} itself and would be overwritten; choose another output", show(output), role);
}

// A picture, or for LivePortrait a video or its frames.
void check_source(const fs::path& source) {
  const MediaKind kind = classify_media(source);
  if (kind == MediaKind::Folder || kind == MediaKind::Pattern) return;
  require_file(source, "a picture");
  refuse_failed_download(source);
}

void check_driving(const fs::path& driving) {
  // Folders and patterns are opened as a series of pictures; everything else is one file.
  const MediaKind kind = classify_media(driving);
  if (kind == MediaKind::Folder || kind == MediaKind::Pattern) return;
  require_file(driving, "a driving video, a folder of pictures or a motion template");
  refuse_failed_download(driving);
}

bool is_picture_name(const fs::path& path) {
  std::string suffix = path.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

void check_trim(const DrivingOptions& options) {
  check(options.start < options.end, ErrorKind::Usage, "--start {} does not lie before --end {}; swap or correct them",
        options.start, options.end);
}

// Fails now if nothing can be created there, instead of after all the work.
void check_writable(const fs::path& output) { const TempFile probe(output); }

}  // namespace

void check_job(const AnimateJob& job) {
  check_source(job.source);
  if (!is_edit(job)) check_driving(job.driving);
  check_trim(job.options.driving);
  check_not_an_input(job.output, job.source, is_edit(job) ? "source" : "source picture");
  if (!is_edit(job)) check_not_an_input(job.output, job.driving, "driving clip");
  const OutputOptions& output = job.options.output;
  check_output_name(job.output, writer_options(output));
  check(!job.preview || is_picture_name(job.output), ErrorKind::Usage,
        "{}: a contact sheet is a picture; give --preview a name that ends in .png or .jpg", show(job.output));
  source_date_epoch();
  fixed_rate(output.fps);
  if (output.audio != "driving" && output.audio != "source" && output.audio != "none") {
    require_file(output.audio, "a file with sound");
    check_not_an_input(job.output, output.audio, "sound file");
  }
  check(output.audio != "source" || is_edit(job) || classify_media(job.source) != MediaKind::Image, ErrorKind::Usage,
        "--audio source: a picture has no sound; use --audio driving, none or a file");
  const CropOptions& crop = job.options.crop;
  check(crop.paste_back != "on" || crop.crop != "none", ErrorKind::Usage,
        "--paste-back needs a crop to put back; add --crop auto or --crop x,y,w,h");
  reference_number(job.options.motion.reference);
  check_runtime(job.options.runtime);
  check_edits(job);
  check_writable(job.output);
}

void check_job(const TemplateJob& job) {
  check_driving(job.driving);
  check_trim(job.options.driving);
  check_not_an_input(job.output, job.driving, "driving clip");
  check_runtime(job.options.runtime);
  check_writable(job.output);
}

VideoWriterOptions writer_options(const OutputOptions& options) {
  VideoWriterOptions writer;
  writer.codec = options.codec;
  writer.preset = options.encoder_preset;
  writer.pix_fmt = options.pix_fmt;
  writer.crf = static_cast<int>(options.crf);
  return writer;
}

std::optional<int64_t> reference_number(const std::string& reference) {
  if (reference == "first" || reference == "auto" || reference == "neutral") return std::nullopt;
  int64_t number = 0;
  const char* end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data(), end, number);
  check(error == std::errc() && stop == end && number >= 0, ErrorKind::Usage,
        "--reference {}: is not a frame; use first, auto, neutral or a frame number from 0", reference);
  return number;
}

}  // namespace animate
