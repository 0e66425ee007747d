#include "engine/portrait/painting.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "base/stopwatch.h"
#include "core/frame_transfer.h"
#include "engine/pipeline_settings.h"
#include "engine/portrait/device_faces.h"
#include "engine/portrait/portrait_composer.h"
#include "motion/flat_points.h"
#include "motion/jitter_meter.h"

// Paints the plan. Motion is known for the whole job by now (choreography.h), so the clip only streams through:
//
//   thread   decode                     calling                  compose                    encode
//            next_step(): source        appearance, keypoints,   waits for the pixels,      writes the file
//            picture, driver's view     painting, a batch        pastes them into the
//            for --concat               at once                  picture, draws panels
//   owns     next_, views_              outside_, device_faces_  composer_                  output_
//
// Faces return to their pictures in one of two ways. On the device the picture's bytes go there once, the network's
// view is cut out there, and only the changed part comes back. Otherwise (drawing or panels need the painted face
// itself, or the size does not fit) the whole face comes back and the composer pastes it.
//
//   on the device   picture --> [cut out -> paint -> paste] --> changed part --> put_back()
//   otherwise       picture -> cut out --> [paint] --> face --> composer: paste, panels, marks      [ ] on the device
namespace animate::engine {
namespace {

// One step on its way to the networks: which frame of the result, and the pictures it needs.
struct PortraitStep {
  size_t index = 0;
  Image picture;         // of the source video
  core::SentFrame sent;  // what the networks see of it; where faces are cut out on the device, all of it
  Image driving;         // for --concat
};

// The driver's pictures again, for --concat. They are asked for in order, nearly always forwards: the clip is decoded
// onwards to the wanted picture, and only read again from its start where the plan goes back, as in a loop.
class DrivingViews {
 public:
  DrivingViews(DrivingClip* clip, const DrivingTrack* track) : clip_(clip), track_(track) {}

  // Of the driver's frame that is nearest to `position`.
  Image at(double position) {
    if (clip_ == nullptr || clip_->is_template()) return {};
    const size_t picture = track_->picture[static_cast<size_t>(std::lround(position))];
    // view_ is the picture before next_. The same picture twice is common: a driver with a lower rate than the result.
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
  std::vector<core::FetchedFrame> faces;  // on their way into `painted`
  std::vector<PastedPart> parts;          // or, pasted on the device, into its picture
  int64_t pts = 0;
  int64_t duration = 0;
};

// Drawing and panels need the painted faces themselves.
bool pastes_on_device(const PortraitJob& job) {
  const OutputOptions& output = job.job.options.output;
  return job.device_faces && job.pastes() && !output.concat && !output.show_keypoints &&
         DeviceFaces::takes(job.model.output_size());
}

// Streams the plan through decode, paint, compose and encode.
class Painting {
 public:
  using Steps = std::vector<PortraitStep>;
  using Stages = PipelineStages<PortraitStep, TimedFrame, Frame>;

  explicit Painting(const PaintingParts& parts)
      : job_(parts.job),
        moves_(parts.moves),
        output_(parts.output),
        summary_(parts.summary),
        views_(parts.clip, parts.driving),
        transfer_(job_.model.device()),
        on_device_(pastes_on_device(job_)),
        device_faces_(transfer_),
        composer_({job_.pastes(), job_.job.options.output.concat, job_.job.options.output.show_keypoints}) {}

  PipelineStats run(const SourcePortrait& source) {
    std::vector<torch::Tensor> appearances;
    for (const SourceFace& face : source.faces)
      appearances.push_back(job_.model.appearance_of(core::to_tensor(face.view)));
    const core::SentFrame sent = on_device_ ? transfer_.send(source.picture) : core::SentFrame();
    const torch::Tensor there = on_device_ ? transfer_.bytes(sent) : torch::Tensor();
    Stages stages;
    stages.decode = [this] { return next_step(); };
    stages.infer = [&, this](Steps steps) {
      std::vector<TimedFrame> frames;
      for (PortraitStep& step : steps) {
        frames.push_back(start(step));
        frames.back().painted.picture = source.picture;
        frames.back().painted.source = source.faces.front().view;
        for (const SourceFace& face : source.faces) frames.back().painted.crops.push_back(face.crop);
      }
      std::vector<torch::Tensor> pictures(steps.size(), there);
      if (on_device_ && source.faces.size() > 1) {  // they go into it one after the other
        for (auto& picture : pictures) picture = there.clone();
      }
      // Face after face, each over the whole batch: a batch shares one appearance, and frames differ in their keypoints
      // only.
      const std::vector<size_t> all = numbers(steps.size());
      for (size_t i = 0; i < source.faces.size(); ++i) {
        paint(frames, steps, all, *moves_.faces[i], appearances[i], i, pictures);
      }
      return frames;
    };
    return stream(stages);
  }

  PipelineStats run(const SourceTrack& source) {
    media::VideoReader reader = open_source_video(job_.job.source);
    Stages stages;
    size_t decoded = 0;
    Image picture;
    stages.decode = [&, this]() -> std::optional<PortraitStep> {
      auto step = next_step();
      if (!step) return std::nullopt;
      const size_t index = moves_.plan.frames[step->index].source;
      // The plan never goes backwards in a source video. It may show a picture twice, which stays in `picture`.
      for (; decoded <= index; ++decoded) {
        auto frame = reader.next();
        if (!frame) return std::nullopt;
        picture = frame->image;
      }
      step->picture = limited_picture(picture, job_.own);
      step->sent = transfer_.send(on_device_ ? step->picture : source_view(step->picture, source.crops[index]));
      return step;
    };
    stages.infer = [&, this](Steps steps) { return paint_seen(steps, source); };
    return stream(stages);
  }

 private:
  static std::vector<size_t> numbers(size_t count) {
    std::vector<size_t> list(count);
    std::iota(list.begin(), list.end(), size_t{0});
    return list;
  }

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

  // Steps of a source video: those without a face stay as they are.
  std::vector<TimedFrame> paint_seen(Steps& steps, const SourceTrack& source) {
    std::vector<TimedFrame> frames;
    std::vector<size_t> seen;
    std::vector<torch::Tensor> pictures(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) {
      const size_t index = moves_.plan.frames[steps[i].index].source;
      frames.push_back(start(steps[i]));
      frames.back().painted.picture = steps[i].picture;
      if (!on_device_) frames.back().painted.source = steps[i].sent.image;
      if (!source.found[index]) continue;
      seen.push_back(i);
      frames.back().painted.crops.push_back(source.crops[index]);
      if (on_device_) pictures[i] = transfer_.bytes(steps[i].sent);
    }
    // The batch is now shorter than the steps: `seen` says which of them each of its entries is.
    if (seen.empty()) return frames;
    const auto appearance = job_.model.appearance_of(views_of(frames, steps, seen, pictures));
    paint(frames, steps, seen, *moves_.faces.front(), appearance, 0, pictures);
    return frames;
  }

  // What the networks see of the frames `seen`.
  torch::Tensor views_of(const std::vector<TimedFrame>& frames, const Steps& steps, const std::vector<size_t>& seen,
                         const std::vector<torch::Tensor>& pictures) {
    std::vector<torch::Tensor> cut;
    std::vector<core::SentFrame> views;
    for (const size_t i : seen) {
      if (on_device_) {
        cut.push_back(device_faces_.view(pictures[i], *frames[i].painted.crops.front()));
      } else {
        views.push_back(steps[i].sent);
      }
    }
    return on_device_ ? torch::cat(cut) : transfer_.to_tensor(views);
  }

  // Paints one face in the frames `which`, as one batch; one appearance for all of them or one each. `pictures` are the
  // frames' own on the device, where faces are pasted there.
  void paint(std::vector<TimedFrame>& frames, const Steps& steps, const std::vector<size_t>& which,
             const motion::KeypointTrack& moves, const torch::Tensor& appearance, size_t face,
             std::vector<torch::Tensor>& pictures) {
    const Stopwatch watch;
    std::vector<Points3> driving;
    std::vector<Points3> source;
    for (const size_t i : which) {
      driving.push_back(moves.driving_keypoints(steps[i].index));
      source.push_back(moves.source_keypoints(steps[i].index));
    }
    const auto painted = job_.model.paint_batch(appearance, driving, source);
    std::vector<core::FetchedFrame> fetched;
    if (!on_device_) fetched = transfer_.fetch(painted, core::Rounding::Truncate);
    for (size_t i = 0; i < which.size(); ++i) {
      TimedFrame& frame = frames[which[i]];
      if (on_device_) {
        paste(frame, face, pictures[which[i]], painted.narrow(0, static_cast<int64_t>(i), 1));
      } else {
        frame.faces.push_back(std::move(fetched[i]));
      }
      const auto points = motion::flat_points(driving[i]);
      outside_.add(static_cast<int64_t>(steps[which[i]].index), points);
      if (job_.job.options.output.show_keypoints) frame.painted.keypoints.push_back(points);
    }
    summary_.render_seconds += watch.seconds();
  }

  void paste(TimedFrame& frame, size_t face, torch::Tensor& picture, const torch::Tensor& painted) {
    const bool more = face + 1 < frame.painted.crops.size();
    auto part = device_faces_.paste(face, picture, painted, *frame.painted.crops[face], more);
    if (part) frame.parts.push_back(std::move(*part));
  }

  PipelineStats stream(Stages& stages) {
    job_.progress.start("animating", std::ssize(moves_.plan.frames));
    int64_t done = 0;
    // The caller's stage, with the count of finished frames around it.
    const auto infer = std::move(stages.infer);
    stages.infer = [&](Steps steps) {
      auto frames = infer(std::move(steps));
      done += std::ssize(frames);
      job_.progress.advance(done);
      return frames;
    };
    // image() waits for the copy from the device; here, so that the calling thread queues the next batch meanwhile.
    stages.compose = [this](TimedFrame timed) {
      if (on_device_) return Frame{put_back(timed.painted.picture, timed.parts), timed.pts, timed.duration};
      for (const core::FetchedFrame& face : timed.faces) timed.painted.generated.push_back(face.image());
      return Frame{composer_.compose(std::move(timed.painted)), timed.pts, timed.duration};
    };
    stages.encode = [this](const Frame& frame) { output_.write(frame.image, frame.pts, frame.duration); };
    const PipelineStats stats =
        run_pipeline(stages, job_.stop, pipeline_settings(job_.job.options.runtime, job_.model));
    summary_.outside = outside_.result();
    job_.progress.finish(done);
    return stats;
  }

  const PortraitJob& job_;
  const Choreography& moves_;
  OutputClip& output_;
  AnimateSummary& summary_;
  DrivingViews views_;
  core::FrameTransfer transfer_;
  bool on_device_;
  DeviceFaces device_faces_;
  PortraitComposer composer_;
  motion::OutsideMeter outside_;
  size_t next_ = 0;
};

}  // namespace

PipelineStats paint_portrait(const PaintingParts& parts, const SourcePortrait& source) {
  return Painting(parts).run(source);
}

PipelineStats paint_video(const PaintingParts& parts, const SourceTrack& source) { return Painting(parts).run(source); }

}  // namespace animate::engine
