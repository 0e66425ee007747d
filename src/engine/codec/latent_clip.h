#pragma once

#include <stop_token>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/job_checks.h"
#include "models/face_codec.h"

namespace animate::engine {

// A morph through codes as a job: the clip, and with --grid the sheet of 64 pictures straight from the source to the
// last target. Each picture is cut square in its middle, or as --crop says. Throws Error(Usage) for
// --method motion, Error(Model) for a codec without encoder, before any picture is read.
AnimateSummary run_latent_clip(const models::FaceCodec& codec, const CheckedJob& job, Progress& progress,
                               std::stop_token stop);

}  // namespace animate::engine
