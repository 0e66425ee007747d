#pragma once

#include <memory>

#include "animate/evaluator.h"
#include "animate/image.h"
#include "evaluate/tally.h"

namespace animate::evaluate {

// Opinions of networks from outside about a real frame and the one that a model made of it: AKD, MKR and AED
// (models/fomm/README.md#external-detectors). One object serves one thread at a time.
class FrameJudge {
 public:
  virtual ~FrameJudge() = default;
  // Adds the figures "akd" (pixels of the frames), "mkr" and "aed". Both pictures must be of one size.
  virtual void judge(const Image& real, const Image& generated, Tally& tally) = 0;
};

// With the networks that the job names; nullptr where it names none. Throws Error(Input) or Error(Model) for a network
// that cannot be read or run, Error(Usage) in a build without OpenCV.
std::unique_ptr<FrameJudge> make_frame_judge(const EvaluateJob& job);

}  // namespace animate::evaluate
