#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/animator.h"
#include "animate/rational.h"
#include "face/preview_sheet.h"
#include "models/model.h"

namespace animate {

// How many frames of a clip a contact sheet shows.
inline constexpr size_t kPreviewFrames = 5;

// At most kPreviewFrames numbers below `count`, spread from the first to the last, each once; none for an empty clip.
std::vector<size_t> spread_frames(size_t count);

// "driver frame 12, 0.48 s"
std::string frame_label(const char* what, size_t index, int64_t pts, Rational time_base);

// [-1, 1] -> pixels of a picture.
std::vector<Point> to_pixels(const std::vector<Point>& keypoints, double width, double height);

// Stands for the pictures that a motion template does not have.
Image blank_picture();

// Writes the sheet as job.output, unless the warnings in `summary` are to be refused.
void write_sheet(const AnimateJob& job, const Image& sheet, AnimateSummary& summary);

// A FOMM job's contact sheet: the source with its crop and keypoints, frames of the driver with keypoints and the faces
// in them, and what is made of these frames. Motion is read of the shown frames and the reference only, the clip is
// decoded up to the last of them. The job has passed check_job().
AnimateSummary run_preview(const std::shared_ptr<const Model>& model, const AnimateJob& job, Progress& progress,
                           std::stop_token stop);

}  // namespace animate
