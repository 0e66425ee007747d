#pragma once

#include <filesystem>
#include <vector>

#include "animate/image.h"

namespace animate::dataset {

// Pictures of faces, one a file: what to learn from, and what to measure on.
struct FaceFiles {
  std::vector<std::filesystem::path> train, held_out;
};

// The pictures of a folder in natural order, or of a list: a text file with a path a line, relative to the list's own
// folder; lines that are empty or begin with # are passed over. Every tenth is held out, in training and in evaluation
// alike; none of fewer than ten. Throws Error(Usage) where there is no such folder or list, Error(Input) for one with
// fewer than two pictures.
FaceFiles list_faces(const std::filesystem::path& data);

// One of them, transparent parts on white. Throws Error(Input) for what is not read or damaged.
Image read_face(const std::filesystem::path& file);

}  // namespace animate::dataset
