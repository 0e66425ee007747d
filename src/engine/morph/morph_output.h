#pragma once

#include <cstddef>
#include <vector>

#include "animate/image.h"
#include "animate/job.h"
#include "engine/morph/morph_plan.h"
#include "engine/output_clip.h"

namespace animate::engine {

// Where the frames of a morph go: the clip, and with --grid a sheet of them. Not thread-safe.
class MorphOutput {
 public:
  // A sheet of the frames, where one is asked for, or one that its caller draws.
  enum class Sheet { OfFrames, OfItsOwn };
  MorphOutput(const CheckedJob& job, const MorphPlan& plan, Sheet sheet = Sheet::OfFrames);

  // Frame `index` of the plan; in order.
  void write(const Image& image, size_t index);
  // Takes over size and warnings, refuses them as the options say, and puts the files in place.
  void finish(AnimateSummary& summary);

 private:
  const CheckedJob& job_;
  std::vector<size_t> shown_;  // frames of the sheet, ascending
  std::vector<Image> sheet_;
  OutputClip clip_;
  std::vector<std::string> warnings_;
};

// Up to 64 pictures in rows of 8, each shrunk to 64 pixels on its shorter side, two black pixels between and around
// them. All of one size.
Image morph_sheet(const std::vector<Image>& pictures);

}  // namespace animate::engine
