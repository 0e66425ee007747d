#include "engine/bench_clip.h"

#include "base/error.h"
#include "base/file_kind.h"
#include "base/temp_file.h"
#include "media/image_io.h"
#include "media/video_reader.h"

namespace animate::engine {
namespace {

namespace fs = std::filesystem;

// The end, in seconds, of the part that holds the first `frames` frames: half a frame behind the last of them begins.
double end_of(const media::VideoInfo& info, int64_t frames) {
  return (static_cast<double>(frames) - 0.5) / info.frame_rate.value();
}

BenchClip measured(const AnimateSummary& summary) {
  BenchClip clip;
  clip.frames = summary.frames;
  clip.width = summary.width;
  clip.height = summary.height;
  clip.seconds = summary.seconds;
  clip.decode_seconds = summary.decode_seconds;
  clip.motion_seconds = summary.motion_seconds;
  clip.render_seconds = summary.render_seconds;
  clip.compose_seconds = summary.compose_seconds;
  clip.encode_seconds = summary.encode_seconds;
  clip.waits = summary.waits;
  return clip;
}

}  // namespace

void check_bench_clip(const BenchOptions& options) {
  check(options.picture.empty() || !options.clip.empty(), ErrorKind::Usage,
        "--picture {}: is the source for a clip; add --clip VIDEO", options.picture);
  if (options.clip.empty()) return;
  check(!options.random_weights, ErrorKind::Usage,
        "--clip animates with a model's weights; leave out --random-weights");
  check(!options.baseline, ErrorKind::Usage,
        "--clip animates as this program does; leave out --baseline, or --clip for the networks alone");
  const media::VideoReader opens(options.clip);
  if (!options.picture.empty()) require_file(options.picture, "the source's picture");
}

BenchClip bench_clip(const ModelSpec& spec, const BenchOptions& options) {
  AnimateJob job;
  job.driving = options.clip;
  job.options.runtime = options.runtime;
  // Never committed, so it goes with everything in it.
  const TempFile folder(fs::temp_directory_path() / "animate-bench", TempFile::Kind::Folder);
  job.output = folder.path() / "result.mp4";
  job.source = options.picture;
  {
    media::VideoReader reader(options.clip);
    job.options.driving.end = end_of(reader.info(), options.frames);
    if (options.picture.empty()) {
      job.source = folder.path() / "source.png";
      media::save_image(job.source, reader.next()->image);
    }
  }
  check_job(job);
  NoProgress silent;
  return measured(open_model(spec, options.runtime)->run(job, silent));
}

}  // namespace animate::engine
