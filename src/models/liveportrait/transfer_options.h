#pragma once

#include "animate/options.h"
#include "motion/transfer_options.h"

namespace animate::liveportrait {

// What the motion formulas need of the options of a job.
TransferOptions transfer_options(const AnimateOptions& options);

}  // namespace animate::liveportrait
