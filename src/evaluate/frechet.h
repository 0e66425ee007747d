#pragma once

#include "models/face_distribution.h"

namespace animate::evaluate {

// Fréchet distance of the Gaussians that fit two sets of features (rows):
//   |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^1/2)
// by eigenvalues of symmetric matrices only, in double precision; rounding below 0 counts as 0. Both sets need two rows
// at least, and of one width. What it means depends on the features: see detector_features.h.
double frechet_distance(const models::PooledCovariance& first, const models::PooledCovariance& second);

}  // namespace animate::evaluate
