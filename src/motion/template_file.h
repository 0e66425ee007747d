#pragma once

#include <filesystem>

#include "motion/motion_template.h"

namespace animate::motion {

// Motion templates of either format: ours (safetensors), and LivePortrait's pickles.

// Whether the file is a motion template or means to be one, by content or by a template's suffix. Any pickle is taken
// for one, and what gzip compressed: nothing else that is a driver begins like that, and the reader says what is wrong.
bool is_motion_template(const std::filesystem::path& path);

// Reads by content, whatever the suffix. Throws Error(Input) or Error(Model).
MotionTemplate load_motion_template(const std::filesystem::path& path);

// Writes LivePortrait's format to a name that ends in .pkl and ours to any other, atomically.
// Throws Error(Input), also for a .pkl of another family than LivePortrait.
void save_motion_template(const std::filesystem::path& path, const MotionTemplate& motion);

}  // namespace animate::motion
