#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "motion/face_template.h"

namespace animate::motion {

// LivePortrait's own motion templates: Python pickles of NumPy arrays (models/liveportrait/README.md#templates), 21
// points a frame.

// Reads the new, the old and the animals' layout. Nothing in the file is executed. The times come from the entry
// "animate" where our writer left one that agrees with the rest, else frame i lies at i / output_fps.
// Throws Error(Input) or Error(Model) with a sentence that names the file and what is wrong with it.
FaceTemplate read_template_pickle(const std::filesystem::path& path);
// The same for bytes in memory; `shown` is the file's name in messages.
FaceTemplate parse_template_pickle(std::span<const std::byte> bytes, const std::string& shown);

// Writes what Python's pickle.load and LivePortrait read (models/liveportrait/README.md#writing), atomically. Comes
// back from read_template_pickle() bit by bit. Where canonical points are unknown, kp and x_s are left out; where open
// ratios are, so are their lists. Throws Error(Input) when the file cannot be written, a frame does not have 21 points
// or there are more than 1000 frames a second.
void write_template_pickle(const std::filesystem::path& path, const FaceTemplate& face);

// The bytes of that file. Throws the same, with `shown` as the file's name.
std::string template_pickle_bytes(const FaceTemplate& face, const std::string& shown);

// Whether a file begins like a pickle, as LivePortrait's templates do.
bool is_pickle(const std::filesystem::path& path);

}  // namespace animate::motion
