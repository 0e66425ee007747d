#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "animate/job.h"
#include "animate/rational.h"
#include "engine/job_checks.h"
#include "pictures/preview_sheet.h"

namespace animate::engine {

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
void write_sheet(const CheckedJob& job, const Image& sheet, AnimateSummary& summary);

}  // namespace animate::engine
