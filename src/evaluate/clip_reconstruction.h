#pragma once

#include <filesystem>
#include <vector>

#include "evaluate/task.h"

namespace animate::evaluate {

// The clips that a job measures: the test part of a data set (dataset/clip_files.h), at most --clips of them, or the
// one clip that was given: a file, or a folder of nothing but frames. Throws Error(Input) where there is none.
std::vector<std::filesystem::path> clips_of(const EvaluateJob& job);

// The paper's reconstruction (models/fomm/README.md#evaluation): source = a clip's first frame, absolute keypoints,
// every frame, the first included. L1 and the others are means over all frames of all clips. Frames of another size are
// resized to the model's, with one warning. Also the keypoints' jitter in result and clip. Memory does not grow with a
// clip's length.
EvaluatedPart reconstruct_clips(const Task& task, const std::vector<std::filesystem::path>& clips);

}  // namespace animate::evaluate
