#pragma once

#include "animate/options.h"
#include "engine/job_checks.h"

namespace animate::engine {

// A job with targets: pictures only, options that fit, a result that can hold them; and no morph's options in another
// job. Throws Error(Usage) or Error(Input).
void check_morph(const CheckedJob& job);

// For families whose pictures move: refuses what only an autoencoder can. Throws Error(Usage).
void check_motion_morph(const CheckedJob& job, const std::string& model, const std::string& family);

}  // namespace animate::engine
