#pragma once

#include <stop_token>
#include <vector>

#include "animate/evaluator.h"
#include "animate/progress.h"
#include "evaluate/contact_sheet.h"
#include "evaluate/detector_features.h"
#include "models/face_codec.h"

namespace animate::evaluate {

// Faces that a codec is measured on, and others for the linear code beside it: bytes [N, 3, 64, 64]. Drawn heads, or
// the held-out and the other part of --data.
struct CodecFaces {
  torch::Tensor held_out;
  torch::Tensor known;
  std::string what;  // for the report, as in "720 drawn heads from seed 100000 on"
};

// Throws Error(Usage) or Error(Input) for data that holds too few faces, Error(Cancelled) when stopped.
CodecFaces faces_for(const EvaluateJob& job, Progress& progress, const std::stop_token& stop);

// Parts "codes" (left out for a codec without encoder) and "faces" (left out with options.faces 0).
//   mse          mean squared difference of faces to what their codes give back, values in [-1, 1]
//   linear_code  the same of the best linear code of as many numbers, fitted to the known faces in this run
//   mean_face    the same of the mean of the known faces
//   psnr         of the codec, of values in [0, 1]
// "faces": Fréchet distances by the detector's features (detector_features.h) to held-out faces, of as many
//   drawn        faces drawn from the codec's distribution (absent without one)
//   unfitted     faces decoded from normal numbers, as if nothing had been fitted
//   linear       faces drawn from the linear code's Gaussian
//   given_back   the held-out faces, encoded and decoded
//   known        other true faces: what is left when nothing is wrong
std::vector<EvaluatedPart> evaluate_codec(const models::FaceCodec& codec, const EvaluateJob& job,
                                          const CodecFaces& faces, const DetectorFeatures* features,
                                          ContactSheet& sheet, Progress& progress, const std::stop_token& stop);

}  // namespace animate::evaluate
