#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "animate/export.h"
#include "animate/image.h"
#include "animate/option_values.h"

namespace animate {

// A face that stands in a picture, in its pixels.
struct SeenFace {
  FaceBox face;  // as the detector has it
  FaceBox head;  // the square that --crop auto would animate: whole numbers, inside the picture
};

// What whoever feeds a Session needs first: pictures out of files, and where faces are. One object serves one thread at
// a time. Every call throws animate::Error.
class ANIMATE_EXPORT PictureReader {
 public:
  virtual ~PictureReader() = default;
  // A picture of any kind that a job takes as its source, upright and in sRGB; of a clip its first frame. Throws
  // Error(Input) for what is not read, damaged, or too large, as a job does.
  virtual Image read(const std::filesystem::path& path) = 0;
  // The first `most` pictures of a clip, each handed to `take` as it is decoded; a picture is a clip of one.
  virtual void read_clip(const std::filesystem::path& path, int64_t most,
                         const std::function<void(const Image&)>& take) = 0;
  // Smaller by whole-pixel averages, so that neither side is longer than `longest`; the same picture where it fits.
  virtual Image shrink(const Image& picture, int longest) = 0;
  // Faces that the detector without weights finds, largest first; none is no error.
  virtual std::vector<SeenFace> faces(const Image& picture) = 0;
};

ANIMATE_EXPORT std::unique_ptr<PictureReader> make_picture_reader();

}  // namespace animate
