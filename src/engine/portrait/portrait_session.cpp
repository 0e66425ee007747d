#include "engine/portrait/portrait_session.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/stopwatch.h"
#include "core/tensor_image.h"
#include "engine/portrait/driving_track.h"
#include "engine/portrait/edit_plan.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait/portrait_job.h"
#include "engine/session_checks.h"
#include "engine/source_image.h"
#include "face/portrait_crop.h"
#include "models/liveportrait/transfer_options.h"
#include "motion/edit_values.h"
#include "motion/flat_points.h"
#include "motion/open_ratios.h"

namespace animate::engine {
namespace {

using models::liveportrait::LivePortraitModel;

constexpr double kRate = 25;  // pictures a second where no times are given
const char* const kSource = "the source picture";

AnimateOptions fitting_options(const AnimateOptions& options) {
  check_session_options(options);
  check_portrait_options(options, /*video=*/false, kSource);
  return options;
}

SourcePortrait source_portrait(const LivePortraitModel& model, const Image& source, const AnimateOptions& options,
                               FaceFinder& finder) {
  check(!source.empty(), ErrorKind::Usage, "{} is empty; give one with pixels", kSource);
  check_source_size(source, kSource);
  return read_portrait(model, source, kSource, options, finder);
}

std::vector<motion::FaceFrame> face_frames(const SourcePortrait& portrait) {
  std::vector<motion::FaceFrame> frames;
  for (const SourceFace& face : portrait.faces) frames.push_back(face.face);
  return frames;
}

// The upright box of a crop's corners in the picture.
FaceBox box_of(const pictures::CropTransform& crop) {
  const auto side = static_cast<float>(crop.size);
  const Points2 corners =
      pictures::transform_points({{0, 0}, {side, 0}, {side, side}, {0, side}}, crop.image_from_crop);
  const auto by = [&](size_t axis) {
    return std::minmax_element(corners.begin(), corners.end(),
                               [axis](const Point2& a, const Point2& b) { return a[axis] < b[axis]; });
  };
  const auto [left, right] = by(0);
  const auto [top, bottom] = by(1);
  return {(*left)[0], (*top)[1], (*right)[0] - (*left)[0], (*bottom)[1] - (*top)[1]};
}

}  // namespace

PortraitSession::PortraitSession(std::shared_ptr<const LivePortraitModel> model, const Image& source,
                                 const AnimateOptions& options, std::unique_ptr<FaceFinder> finder)
    : model_(std::move(model)),
      options_(fitting_options(options)),
      finder_(std::move(finder)),
      portrait_(source_portrait(*model_, source, options_, *finder_)),
      composer_({pastes_faces(options_), options_.output.concat, options_.output.show_keypoints}) {
  check_edit(*model_, options_.liveportrait, options_.liveportrait.set, face_frames(portrait_), kSource);
  for (const SourceFace& face : portrait_.faces)
    appearances_.push_back(model_->appearance_of(core::to_tensor(face.view)));
}

SessionFrame PortraitSession::animate(const Image& driving, std::optional<double> time) {
  const Stopwatch watch;
  check(!driving.empty(), ErrorKind::Usage, "the driving picture is empty; give one with pixels");
  const double now = time.value_or(static_cast<double>(frame_) / kRate);
  const Seen seen = look_at(driving, frame_ == 0 ? 0 : now - time_);
  SessionFrame frame;
  frame.face_found = seen.face.has_value();
  if (seen.face) last_ = seen.face;
  if (seen.face && !reference_) start_from(*seen.face);
  if (last_) {
    const EditSettings& set = options_.liveportrait.set;
    const motion::FaceEdit edit = motion::edit_at(set, now, frame_);
    std::vector<Points3> points;
    for (const motion::MotionTransfer& moves : moves_) {
      points.push_back(moves.driving_keypoints(*last_, set.empty() ? nullptr : &edit));
    }
    frame.image = painted(points, seen.view);
  } else {
    frame.image = portrait_.picture;  // nobody has been seen yet
  }
  ++frame_;
  time_ = now;
  frame.milliseconds = 1000 * watch.seconds();
  return frame;
}

PortraitSession::Seen PortraitSession::look_at(const Image& driving, double passed) {
  const LivePortraitOptions& own = options_.liveportrait;
  const bool crop = own.crop_driving || driving.width() != driving.height();
  std::optional<motion::OpenRatios> ratios;
  std::optional<pictures::CropTransform> transform;
  if (crop || finder_->has_points203()) {
    if (!track_) track_ = finder_->follow(FaceRole::Driver, "the driving picture");
    const auto face = track_->next(driving);
    if (!face && crop) return {std::nullopt, {}};
    if (face && crop) {
      const face::FaceCorners box = face::driving_box(
          face->landmarks,
          {own.scale_crop_driving, own.like_the_original() ? 0 : own.vx_ratio_crop_driving, own.vy_ratio_crop_driving});
      box_ = box_ ? face::follow_box(*box_, box, passed) : box;
      transform = face::crop_by_box(*box_, kCropSide);
    }
    if (face && face->points203) ratios = motion::open_ratios(*face->points203);
  }
  Seen seen;
  seen.view = driving_view(driving, transform);
  seen.face = motion::FaceFrame{model_->motion_of(core::to_tensor(seen.view)), ratios};
  return seen;
}

void PortraitSession::start_from(const motion::FaceFrame& reference) {
  std::vector<motion::MotionTransfer> moves;
  const motion::TransferOptions transfer = models::liveportrait::transfer_options(options_);
  for (const SourceFace& face : portrait_.faces) {
    motion::DrivingMotion driver;
    driver.frames = {reference};
    moves.emplace_back(transfer, model_->retargeter(), face.face, std::move(driver));
  }
  moves_ = std::move(moves);
  reference_ = reference;
}

Image PortraitSession::painted(const std::vector<Points3>& driving, const Image& driving_view) {
  PaintedFrame frame;
  frame.picture = portrait_.picture;
  frame.source = portrait_.faces.front().view;
  frame.driving = driving_view;
  for (size_t i = 0; i < driving.size(); ++i) {
    const SourceFace& face = portrait_.faces[i];
    const auto picture = model_->paint(appearances_[i], driving[i], face.face.motion.keypoints());
    frame.generated.push_back(core::to_image(picture, core::Rounding::Truncate));
    frame.crops.push_back(face.crop);
    if (options_.output.show_keypoints) frame.keypoints.push_back(motion::flat_points(driving[i]));
  }
  return composer_.compose(std::move(frame));
}

void PortraitSession::recalibrate() {
  reference_.reset();
  box_.reset();
  last_.reset();
  track_.reset();
}

void PortraitSession::set_options(const AnimateOptions& options) {
  check_session_change(options_, options);
  check_portrait_options(options, /*video=*/false, kSource);
  check_edit(*model_, options.liveportrait, options.liveportrait.set, face_frames(portrait_), kSource);
  const AnimateOptions before = std::exchange(options_, options);
  try {
    if (reference_) start_from(*reference_);
  } catch (...) {
    options_ = before;
    throw;
  }
  composer_ = PortraitComposer({pastes_faces(options_), options_.output.concat, options_.output.show_keypoints});
}

Image PortraitSession::edit(const EditSettings& settings) {
  const auto frames = face_frames(portrait_);
  check_edit(*model_, options_.liveportrait, settings, frames, kSource);
  motion::FaceEdit edit = motion::edit_at(settings, 0, 0);
  edit.stitching = options_.liveportrait.stitching;
  std::vector<Points3> points;
  for (const motion::FaceFrame& face : frames) points.push_back(edited_still(*model_, face, edit));
  return painted(points, {});
}

std::vector<SessionFace> PortraitSession::faces() const {
  std::vector<SessionFace> faces;
  for (const SourceFace& face : portrait_.faces) {
    const auto width = static_cast<double>(portrait_.picture.width());
    const auto height = static_cast<double>(portrait_.picture.height());
    SessionFace told{face.crop ? box_of(*face.crop) : FaceBox{0, 0, width, height},
                     motion::flat_points(face.face.motion.keypoints()), std::nullopt, std::nullopt};
    if (const auto& ratios = face.face.ratios) {
      told.eyes_open = (static_cast<double>(ratios->eyes[0]) + ratios->eyes[1]) / 2;
      told.lips_open = ratios->lip;
    }
    faces.push_back(std::move(told));
  }
  return faces;
}

}  // namespace animate::engine
