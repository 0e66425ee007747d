#pragma once

#include <optional>
#include <vector>

#include "animate/image.h"
#include "animate/options.h"
#include "animate/point.h"
#include "pictures/crop_transform.h"
#include "pictures/portrait_paste_back.h"

namespace animate::engine {

// One painted frame with everything that may be shown around it.
struct PaintedFrame {
  std::vector<Image> generated;               // one a face; empty where the frame stays as it is
  std::vector<std::vector<Point>> keypoints;  // as applied, one list a face; empty unless they are drawn
  Image picture;                              // the source picture that the faces go back into
  std::vector<std::optional<pictures::CropTransform>> crops;
  Image driving;  // what the networks saw of the driver; empty for a template
  Image source;   // what they saw of the source
};

// Makes the written picture: faces pasted back into the full picture, or the painted face alone, or the original's row
// driving | source | painted. Runs on the encoding thread.
class PortraitComposer {
 public:
  struct Options {
    bool paste_back = true;
    bool concat = false;
    bool show_keypoints = false;
    double feather = 16;
  };
  explicit PortraitComposer(Options options) : options_(options) {}

  Image compose(PaintedFrame frame);

 private:
  const pictures::PortraitPasteBack& paste_for(size_t face, const Image& picture, const pictures::CropTransform& crop);

  Options options_;
  // A still source pastes every frame through the same masks.
  struct Kept {
    pictures::CropTransform crop;
    int width = 0;
    int height = 0;
    pictures::PortraitPasteBack paste;
  };
  std::vector<std::optional<Kept>> kept_;
  Image last_;  // painted, for frames without a face where nothing is pasted back
};

}  // namespace animate::engine
