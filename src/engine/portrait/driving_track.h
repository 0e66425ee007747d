#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/options.h"
#include "animate/progress.h"
#include "engine/driving_clip.h"
#include "engine/portrait/face_finder.h"
#include "engine/portrait/lost_frames.h"
#include "engine/portrait/output_clock.h"
#include "models/liveportrait/liveportrait_model.h"
#include "pictures/crop_transform.h"

namespace animate::engine {

// All of a driver's motion: under a kilobyte a frame, so that a job knows it whole and streams pictures only.
struct DrivingTrack {
  ClipTimes times;
  std::vector<motion::FaceFrame> frames;
  // Which picture of the clip a frame came from; differs from its place only after --on-lost skip.
  std::vector<size_t> picture;
  std::vector<pictures::CropTransform> crops;  // of every picture of the clip; empty where it is used whole
  bool is_video = true;                        // false: one picture, or a template of one frame
  std::vector<LostSpan> lost;                  // pictures without a face
  std::vector<FaceGap> gaps;                   // the same, for the report
  std::vector<std::string> warnings;
  double motion_seconds = 0;  // spent in the motion extractor
  double decode_seconds = 0;  // of its pictures, in both passes; cropping counts
};

// Reads templates as they are, and everything else through the motion extractor: a first pass over the clip finds the
// face where the pictures are to be cropped (or ratios can be had), a second one reads its motion.
// Throws Error(Input) when no picture shows a face that is needed, or with --on-lost fail.
DrivingTrack read_driving(const models::liveportrait::LivePortraitModel& model, DrivingClip& clip,
                          const std::string& shown, const AnimateOptions& options, FaceFinder& faces,
                          Progress& progress, std::stop_token stop);

// The motion extractor's view of a driving picture: the crop, or all of it, at the model's size.
Image driving_view(const Image& picture, const std::optional<pictures::CropTransform>& crop);

}  // namespace animate::engine
