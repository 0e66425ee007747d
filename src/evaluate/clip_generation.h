#pragma once

#include <stop_token>
#include <vector>

#include "animate/evaluator.h"
#include "animate/progress.h"
#include "evaluate/contact_sheet.h"
#include "evaluate/detector_features.h"
#include "models/video_ldm/ldm_weights.h"

namespace animate::evaluate {

// What a video LDM makes of the first frames of drawn clips that no training saw, beside those clips
// (models/video_ldm/README.md#evaluation). Parts:
// "clips", of T frames:
//   movement, true_movement    mean absolute difference from frame to frame, values in [0, 1], of the clips that are
//   made
//                              and of the true ones
//   first_psnr                 of the first frame against the picture that was given
//   frechet_clips_made         Fréchet distances to true clips by clip_features() of the drawn heads' detector (not the
//     _still _dissolved        published FVD): clips that are made; their first frame again and again; their first
//     frame _shuffled _true          dissolved into their last; true frames in another order; other true clips
// "chain", of options.frames frames by prediction alone:
//   chain_movement             as above
//   frechet_begin, frechet_end Fréchet (detector) distances of its first and of its last 8 frames to true frames
// "dense", of 4 (T - 1) + 1 frames, where the model interpolates:
//   dense_movement, true_dense_movement
// Throws Error(Cancelled) when stopped.
std::vector<EvaluatedPart> evaluate_clips(const models::video_ldm::LdmNetworks& networks, const EvaluateJob& job,
                                          const DetectorFeatures* features, ContactSheet& sheet, Progress& progress,
                                          const std::stop_token& stop);

// Features of clips [N, T, 3, S, S] in [0, 1]: the mean of its frames' detector features, and the sum of the absolute
// differences between consecutive frames', the length of its way -> [N, 2 F]. What does not move has zeros there.
torch::Tensor clip_features(const DetectorFeatures& features, const torch::Tensor& clips);

}  // namespace animate::evaluate
