#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace animate::batch {

// What a result is called, as in "{source_name}--{driving_name}.mp4". Words in braces: source_name and driving_name
// (without suffix), source_extension and driving_extension (with the dot), index (of the job, from 0).
class OutputPattern {
 public:
  // Throws Error(Usage) for a word that is not known, a brace without its other half, and a name that would lie outside
  // the output folder.
  explicit OutputPattern(std::string text);

  // Relative to the output folder.
  std::filesystem::path name(const std::filesystem::path& source, const std::filesystem::path& driving,
                             size_t index) const;

 private:
  std::string text_;
};

// The name without suffix; of a folder, and of frames/%05d.png, the folder's name.
std::string stem_of(const std::filesystem::path& path);

}  // namespace animate::batch
