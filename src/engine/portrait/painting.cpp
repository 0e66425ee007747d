#include "engine/portrait/painting.h"

#include <cmath>
#include <utility>

#include "base/stopwatch.h"
#include "core/tensor_image.h"
#include "engine/portrait/portrait_composer.h"
#include "media/video_reader.h"
#include "motion/flat_points.h"
#include "motion/jitter_meter.h"

namespace animate {
namespace {

// One step on its way to the networks: which frame of the result, and the pictures it needs.
struct PortraitStep {
  size_t index = 0;
  Image picture;  // of the source video
  Image driving;  // for --concat
};

// The driver's pictures again, for --concat; each asked-for picture is at or behind the last.
class DrivingViews {
 public:
  DrivingViews(DrivingClip* clip, const DrivingTrack* track) : clip_(clip), track_(track) {}

  // Of the driver's frame that is nearest to `position`.
  Image at(double position) {
    if (clip_ == nullptr || clip_->is_template()) return {};
    const size_t picture = track_->picture[static_cast<size_t>(std::lround(position))];
    if (picture < next_ && !view_.empty() && picture + 1 != next_) {
      clip_->rewind();
      next_ = 0;
    }
    while (next_ <= picture) {
      auto step = clip_->next();
      if (!step) break;
      if (next_ == picture) {
        const bool cropped = next_ < track_->crops.size();
        view_ = driving_view(step->frame.image, cropped ? std::optional(track_->crops[next_]) : std::nullopt);
      }
      ++next_;
    }
    return view_;
  }

 private:
  DrivingClip* clip_;
  const DrivingTrack* track_;
  size_t next_ = 0;
  Image view_;
};

struct TimedFrame {
  PaintedFrame painted;
  int64_t pts = 0;
  int64_t duration = 0;
};

// Streams the plan through decode, paint and encode.
class Painting {
 public:
  explicit Painting(const PaintingParts& parts)
      : job_(parts.job),
        moves_(parts.moves),
        output_(parts.output),
        summary_(parts.summary),
        views_(parts.clip, parts.driving),
        composer_({job_.pastes(), job_.job.options.output.concat, job_.job.options.output.show_keypoints}) {}

  PipelineStats run(const SourcePortrait& source) {
    std::vector<torch::Tensor> appearances;
    for (const SourceFace& face : source.faces) appearances.push_back(job_.model.appearance_of(to_tensor(face.view)));
    PipelineStages<PortraitStep, TimedFrame> stages;
    stages.decode = [this] { return next_step(); };
    stages.infer = [&, this](PortraitStep step) {
      TimedFrame timed = start(step);
      timed.painted.picture = source.picture;
      timed.painted.source = source.faces.front().view;
      for (size_t i = 0; i < source.faces.size(); ++i) {
        paint(timed.painted, *moves_.faces[i], step.index, appearances[i], source.faces[i].crop);
      }
      return timed;
    };
    return stream(stages);
  }

  PipelineStats run(const SourceTrack& source, const std::filesystem::path& path) {
    VideoReader reader(path);
    PipelineStages<PortraitStep, TimedFrame> stages;
    size_t decoded = 0;
    Image picture;
    stages.decode = [&, this]() -> std::optional<PortraitStep> {
      auto step = next_step();
      if (!step) return std::nullopt;
      for (const size_t wanted = moves_.plan.frames[step->index].source; decoded <= wanted; ++decoded) {
        auto frame = reader.next();
        if (!frame) return std::nullopt;
        picture = frame->image;
      }
      step->picture = limited_picture(picture, job_.own);
      return step;
    };
    stages.infer = [&, this](PortraitStep step) {
      const size_t index = moves_.plan.frames[step.index].source;
      TimedFrame timed = start(step);
      timed.painted.picture = step.picture;
      timed.painted.source = source_view(step.picture, source.crops[index]);
      if (source.found[index]) {
        const auto appearance = job_.model.appearance_of(to_tensor(timed.painted.source));
        paint(timed.painted, *moves_.faces.front(), step.index, appearance, source.crops[index]);
      }
      return timed;
    };
    return stream(stages);
  }

 private:
  std::optional<PortraitStep> next_step() {
    if (next_ == moves_.plan.frames.size()) return std::nullopt;
    PortraitStep step;
    step.index = next_++;
    if (job_.job.options.output.concat) step.driving = views_.at(moves_.plan.frames[step.index].driving);
    return step;
  }

  TimedFrame start(PortraitStep& step) const {
    TimedFrame timed;
    timed.pts = moves_.plan.frames[step.index].pts;
    timed.duration = moves_.plan.frames[step.index].duration;
    timed.painted.driving = std::move(step.driving);
    return timed;
  }

  void paint(PaintedFrame& painted, const KeypointTrack& moves, size_t index, const torch::Tensor& appearance,
             const std::optional<CropTransform>& crop) {
    const Stopwatch watch;
    const Points3 driving = moves.driving_keypoints(index);
    const auto frame = job_.model.paint(appearance, driving, moves.source_keypoints(index));
    painted.generated.push_back(to_image(frame, Rounding::Truncate));
    painted.crops.push_back(crop);
    const auto points = flat_points(driving);
    outside_.add(static_cast<int64_t>(index), points);
    if (job_.job.options.output.show_keypoints) painted.keypoints.push_back(points);
    summary_.render_seconds += watch.seconds();
  }

  PipelineStats stream(PipelineStages<PortraitStep, TimedFrame>& stages) {
    job_.progress.start("animating", std::ssize(moves_.plan.frames));
    int64_t done = 0;
    const auto infer = std::move(stages.infer);
    stages.infer = [&](PortraitStep step) {
      TimedFrame timed = infer(std::move(step));
      job_.progress.advance(++done);
      return timed;
    };
    stages.encode = [this](TimedFrame timed) {
      const Stopwatch watch;
      Image composed = composer_.compose(std::move(timed.painted));
      summary_.compose_seconds += watch.seconds();
      output_.write(std::move(composed), timed.pts, timed.duration);
    };
    const PipelineStats stats = run_pipeline(stages, job_.stop);
    summary_.outside = outside_.result();
    job_.progress.finish(done);
    return stats;
  }

  const PortraitJob& job_;
  const Choreography& moves_;
  OutputClip& output_;
  AnimateSummary& summary_;
  DrivingViews views_;
  PortraitComposer composer_;
  OutsideMeter outside_;
  size_t next_ = 0;
};

}  // namespace

PipelineStats paint_portrait(const PaintingParts& parts, const SourcePortrait& source) {
  return Painting(parts).run(source);
}

PipelineStats paint_video(const PaintingParts& parts, const SourceTrack& source, const std::filesystem::path& path) {
  return Painting(parts).run(source, path);
}

}  // namespace animate
