#include "engine/portrait/choreography.h"

#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/frame_rate.h"
#include "engine/portrait/edit_plan.h"
#include "engine/portrait/motion_jitter.h"
#include "models/liveportrait/transfer_options.h"
#include "motion/animal_transfer.h"
#include "motion/motion_transfer.h"
#include "motion/reference_frame.h"
#include "motion/resample.h"

namespace animate::engine {
namespace {

ClockOptions clock_options(const PortraitJob& job) {
  const LivePortraitOptions& own = job.own;
  ClockOptions clock;
  const RateChoice& fps = job.job.options.output.fps;
  if (fps.kind == RateChoice::Kind::Driving) clock.rate = ClockOptions::Rate::Driving;
  if (const auto fixed = fixed_rate(fps)) {
    clock.rate = ClockOptions::Rate::Fixed;
    clock.fixed = *fixed;
  }
  clock.on_mismatch = own.on_mismatch;
  clock.pair_by_index = own.like_the_original();
  return clock;
}

FramePlan make_plan(const PortraitJob& job, const DrivingTrack& driving, const SourceTrack* video) {
  const ClockOptions clock = clock_options(job);
  if (video == nullptr) return plan_still(driving.times, clock);
  return driving.is_video ? plan_video(video->times, driving.times, clock) : plan_video(video->times, clock);
}

// The driver's frame that relative motion starts from, in the driver's own count.
size_t choose_reference(const ReferenceChoice& reference, const motion::FaceFrame& source, const DrivingTrack& driving,
                        const std::string& shown) {
  using Kind = ReferenceChoice::Kind;
  if (reference.kind == Kind::First) return 0;
  if (reference.kind == Kind::Auto) return motion::nearest_frame(source, driving.frames);
  if (reference.kind == Kind::Neutral) return motion::neutral_frame(driving.frames);
  const auto number = static_cast<size_t>(reference.frame);
  check(number < driving.frames.size(), ErrorKind::Input,
        "{}: --reference {}: the driving clip has only {}; use a number from 0 to {}", shown, number,
        counted(std::ssize(driving.frames), "frame"), driving.frames.size() - 1);
  return number;
}

// The driver on the clock of the result.
motion::DrivingMotion driving_motion(const DrivingTrack& driving, const FramePlan& plan, size_t reference) {
  motion::DrivingMotion motion;
  motion.is_video = driving.is_video;
  if (!driving.is_video) {
    motion.frames = {driving.frames.front()};
    return motion;
  }
  const auto at = static_cast<double>(reference);
  bool shown = false;
  for (size_t i = 0; i < plan.frames.size(); ++i) {
    motion.frames.push_back(motion::frame_at(driving.frames, plan.frames[i].driving));
    if (!shown && plan.frames[i].driving == at) {
      motion.reference = i;
      shown = true;
    }
  }
  // On another clock, or behind the end of the source, the frame itself may not occur in the result.
  if (!shown) motion.start = driving.frames[reference];
  return motion;
}

// The animals' own transfer, of one source face.
std::shared_ptr<const motion::KeypointTrack> animal_track(const PortraitJob& job, const motion::FaceFrame& face,
                                                          const motion::DrivingMotion& driver) {
  std::vector<motion::FaceMotion> frames;
  for (const motion::FaceFrame& frame : driver.frames) frames.push_back(frame.motion);
  const motion::FaceMotion start = driver.start ? driver.start->motion : frames[driver.reference];
  return std::make_shared<motion::AnimalTransfer>(face.motion, std::move(frames), start, job.model.retargeter(),
                                                  job.own.stitching, job.own.driving_multiplier);
}

}  // namespace

SourceLimit source_limit(const PortraitJob& job, const DrivingTrack& driving) {
  SourceLimit limit;
  if (!driving.is_video || job.own.on_mismatch != OnMismatch::Cut) return limit;
  if (job.own.like_the_original()) {
    limit.frames = driving.times.size();
  } else {
    limit.seconds = driving.times.length();
  }
  return limit;
}

Choreography choreograph(const PortraitJob& job, const DrivingTrack& driving,
                         const std::vector<motion::FaceFrame>& faces, const SourceTrack* video) {
  const MotionOptions& motion = job.job.options.motion;
  const motion::TransferOptions transfer = models::liveportrait::transfer_options(job.job.options);
  Choreography moves;
  moves.plan = make_plan(job, driving, video);
  const size_t reference =
      driving.is_video ? choose_reference(motion.reference, faces.front(), driving, show(job.job.driving.path)) : 0;
  if (motion.reference.kind != ReferenceChoice::Kind::First)
    log::info("relative motion starts from driving frame {}", reference);
  moves.reference = reference;
  const motion::DrivingMotion driver = driving_motion(driving, moves.plan, reference);
  if (job.own.animal) {
    for (const motion::FaceFrame& face : faces) moves.faces.push_back(animal_track(job, face, driver));
    return moves;
  }
  const std::vector<motion::FaceEdit> edits = plan_edits(job, moves.plan, faces);
  if (video == nullptr) {
    moves.jitter = measure_jitter(transfer, {faces.front()}, /*source_is_video=*/false, driver);
    for (const motion::FaceFrame& face : faces) {
      const auto moved = std::make_shared<motion::MotionTransfer>(transfer, job.model.retargeter(), face, driver);
      moved->edit(edits);
      moves.faces.push_back(moved);
    }
    return moves;
  }
  std::vector<motion::FaceFrame> source;
  for (const OutputFrame& frame : moves.plan.frames) source.push_back(faces[frame.source]);
  moves.jitter = measure_jitter(transfer, source, /*source_is_video=*/true, driver);
  const auto moved =
      std::make_shared<motion::MotionTransfer>(transfer, job.model.retargeter(), std::move(source), driver);
  moved->edit(edits);
  moves.faces.push_back(moved);
  return moves;
}

}  // namespace animate::engine
