#pragma once

#include <string>
#include <vector>

#include "media/clip_source.h"

namespace animate::media {

// The pictures of a folder in natural order, or those that fit a pattern in the order of their numbers.
// Throws Error(Input) when there are none. `passed_over`, where given, gets a sentence about the folder's files of
// other kinds, and is empty when there are none.
std::vector<std::filesystem::path> pictures_in_folder(const std::filesystem::path& folder,
                                                      std::string* passed_over = nullptr);
std::vector<std::filesystem::path> pictures_of_pattern(const std::filesystem::path& pattern);

// A list of picture files as a clip of 25 frames a second or of options.picture_rate, decoded one by one and scaled to
// the size of the first.
class PictureClip final : public ClipSource {
 public:
  // `name` is the folder or pattern as the user gave it; `files` must not be empty. `warning` is told unless empty.
  PictureClip(const std::filesystem::path& name, std::vector<std::filesystem::path> files,
              const VideoReaderOptions& options, const std::string& warning = {});
  std::optional<Frame> next() override;

 private:
  std::vector<std::filesystem::path> files_;
  size_t begin_ = 0;
  size_t index_ = 0;
  size_t end_ = 0;
  std::optional<Image> first_;
};

}  // namespace animate::media
