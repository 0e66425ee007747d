#pragma once

#include "animate/options.h"
#include "motion/transfer_options.h"

namespace animate::models::liveportrait {

// What the motion formulas need of the options of a job.
motion::TransferOptions transfer_options(const AnimateOptions& options);

}  // namespace animate::models::liveportrait
