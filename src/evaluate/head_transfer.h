#pragma once

#include "evaluate/task.h"
#include "heads/head_parameters.h"

namespace animate::evaluate {

// Motion carried from one drawn head to another, where the right answer is known. In transfer i head A = seed + 2i is
// animated by head B = seed + 2i + 1, which moves through the smooth clip of B's number (heads::smooth_motion). A's
// picture shows it in a pose of its own (half of the usual deviations) with open eyes and a calm mouth. Motion is
// relative to the clip's first frame (Jacobians too), so the truth of a frame is A moved by what B changed since then
// (heads::transferred). Frames in which a number of A would leave its range have no right answer: only jitter, the
// driver's correlations and `counted`, the share of the others, know them. Pictures have the model's frame size.
//
// Every frame:
//   l1, psnr, ssim          result against truth
//   mouth_l1, mouth_psnr    the same in a rectangle around the mouth, by the truth's keypoints (head_regions.h)
//   eyes_l1, eyes_psnr      around either eye
// Every fourth frame, for skin and hair (hair only where it covers 0.5 % of the picture):
//   skin_colour, hair_colour  mean over channels of |mean colour of the result - of the truth|, both inside the truth's
//                             region of skin (hair). That region is where the truth changes when A is drawn with
//                             another colour of skin (hair): by more than 0.1 in the mean over channels.
//   skin_shape, hair_shape    intersection over union of that region with the region of the result that answers to the
//                             source's skin (hair): where the result changes in the same way when the recoloured
//                             source is animated by the same motion.
// Every clip, with the judge that ships (head_judge.h):
//   yaw_judged, mouth_judged, blink_judged  Pearson's correlation over the clip's frames between the numbers that drew
//                             the truth (blink: the mean openness of both eyes) and what the judge reads in the result
//   yaw_judge, mouth_judge, blink_judge     the same with what it reads in the truth: how far it is to be trusted
// Every clip, for models with the heads' 12 to 17 keypoints:
//   yaw, mouth, blink         the correlation between the measures of head_movement.h on the truth's keypoints and
//                             frames, and the same measures on what the model's own detector finds in the result
//   yaw_driver, …             the same between the driver's truth and what the detector finds in the driver's frames:
//                             what the detector alone would allow
//   jitter, jitter_real       mean |second difference| of the keypoints found in the result and in the driver's frames
EvaluatedPart transfer_heads(const Task& task);

// Head A as its source picture shows it: the first of its pictures at half of the usual poses whose eyes are open and
// whose mouth is calm, so that there is room for what a driver does.
heads::Head transfer_source(uint64_t seed);

}  // namespace animate::evaluate
