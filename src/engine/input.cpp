#include "engine/input.h"

#include "animate/job.h"
#include "base/error.h"
#include "media/media_info.h"
#include "motion/template_file.h"

namespace animate::engine {
namespace {

Input::Kind kind_of(media::MediaKind media) {
  switch (media) {
    case media::MediaKind::Image: return Input::Kind::Picture;
    case media::MediaKind::Video:
    case media::MediaKind::Folder:
    case media::MediaKind::Pattern: return Input::Kind::Clip;
    case media::MediaKind::Unknown: break;
  }
  return Input::Kind::Unknown;
}

// A picture that is shown for longer was not meant to be: recordings jump like this where their clock was set.
constexpr double kLongestGapSeconds = 10;

bool has_streams(const Input& input) { return input.media == media::MediaKind::Video; }

void take_picture_rate(Input& input, const std::optional<PictureRate>& rate, const char* flag) {
  if (!rate) return;
  const bool takes = input.media == media::MediaKind::Folder || input.media == media::MediaKind::Pattern;
  check(takes, ErrorKind::Usage,
        "{}: is no folder of pictures and has times of its own, so {} has nothing to set; leave it out, or give the "
        "result a rate with --fps",
        show(input.path), flag);
  input.picture_rate = rate->rate;
}

}  // namespace

Input look_at_source(const std::filesystem::path& path) {
  const media::MediaKind media = media::classify_media(path);
  return {path, kind_of(media), media};
}

Input look_at_driver(const std::filesystem::path& path) {
  if (path.empty()) return {};
  if (path.native() == kIdleDriver) return {path, Input::Kind::Idle, media::MediaKind::Unknown};
  if (motion::is_motion_template(path)) return {path, Input::Kind::Template, media::MediaKind::Unknown};
  return look_at_source(path);
}

JobInputs look_at_inputs(const std::filesystem::path& source, const std::filesystem::path& driving,
                         const AnimateOptions& options) {
  JobInputs inputs{source.empty() ? Input{} : look_at_source(source), look_at_driver(driving)};
  take_picture_rate(inputs.source, options.crop.source_fps, "--source-fps");
  take_picture_rate(inputs.driving, options.driving.fps, "--driving-fps");
  if (options.driving.video_stream.number >= 0) {
    // A source video's streams are meant where nothing else can be.
    Input& chosen = inputs.driving.is_clip() || !has_streams(inputs.source) ? inputs.driving : inputs.source;
    check(has_streams(chosen), ErrorKind::Usage,
          "--video-stream {}: there is no video with streams to choose from; leave it out",
          options.driving.video_stream.number);
    media::check_video_stream(chosen.path, options.driving.video_stream.number);
    chosen.video_stream = options.driving.video_stream.number;
  }
  inputs.source.deinterlace = inputs.driving.deinterlace = options.driving.deinterlace;
  const RateChoice::Kind rate = options.output.fps.kind;
  if (options.output.keep_gaps) return inputs;
  if (rate == RateChoice::Kind::Fixed) inputs.driving.longest_gap_seconds = kLongestGapSeconds;
  if (rate == RateChoice::Kind::Fixed || rate == RateChoice::Kind::Driving) {
    inputs.source.longest_gap_seconds = kLongestGapSeconds;
  }
  return inputs;
}

media::VideoReaderOptions reader_options(const Input& input) {
  media::VideoReaderOptions options;
  options.kind = input.media;
  options.video_stream = input.video_stream;
  options.picture_rate = input.picture_rate;
  options.longest_gap_seconds = input.longest_gap_seconds;
  options.deinterlace = input.deinterlace;
  return options;
}

}  // namespace animate::engine
