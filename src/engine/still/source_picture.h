#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/options.h"
#include "pictures/box.h"

namespace animate::pictures {
class PasteBack;
}

namespace animate::engine {

// The still picture and the part of it that is animated. Immutable after construction; finish() is thread-safe.
class SourcePicture {
 public:
  // What is done where a face is to be cut out and there is none: the centre is taken with a warning, or the picture is
  // refused with Error(Input).
  enum class WithoutFace { Centre, Refuse };

  // Reads the picture and finds the crop. Throws Error(Input) for the picture, Error(Usage) for the options.
  SourcePicture(const std::filesystem::path& path, const CropOptions& options,
                WithoutFace without = WithoutFace::Centre);
  // The same for a picture in memory, called `shown` in messages.
  SourcePicture(Image picture, const std::string& shown, const CropOptions& options,
                WithoutFace without = WithoutFace::Centre);
  ~SourcePicture();

  // What the model gets: the crop, or all of the picture.
  const Image& crop() const { return crop_; }
  // What is written for one animated frame: the frame itself, or the full picture with the frame pasted back.
  Image finish(const Image& animated) const;
  // Where the crop lies in the picture, pixels.
  const pictures::Box& box() const { return box_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Image crop_;
  pictures::Box box_;
  std::unique_ptr<pictures::PasteBack> paste_back_;
  std::vector<std::string> warnings_;
};

}  // namespace animate::engine
