#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "animate/evaluator.h"
#include "evaluate/landmark_measures.h"

namespace animate::evaluate {

// Keypoints that some detector found: (clip, frame) -> points by their numbers.
using KeypointTable = std::map<std::pair<std::string, int64_t>, std::map<int64_t, std::array<double, 2>>>;

// Reads a CSV file with a header line and the columns clip, frame, point, x, y in any order, others are ignored.
// Numbers of frames and points are whole and at least 0; x or y of -1: missing, as is a point without a line. Fields
// may stand in double quotes. Throws Error(Input) naming file and line.
KeypointTable read_keypoint_file(const std::filesystem::path& path);

// AKD and MKR between two files (models/fomm/README.md#external-detectors). Frames without a single point in the
// generated file have no distance and miss all points. Throws Error(Input) where the files have no frame in common.
EvaluatedPart compare_keypoint_files(const std::filesystem::path& real, const std::filesystem::path& generated);

}  // namespace animate::evaluate
