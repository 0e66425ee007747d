#pragma once

#include "animate/animator.h"
#include "media/video_writer.h"

namespace animate {

// Everything about a job that can be checked before weights are loaded: files that exist, an output that can be
// written and is no input, options that fit together. Throws Error(Usage) or Error(Input).
void check_job(const AnimateJob& job);
void check_job(const TemplateJob& job);

// The writer's part of the options; times are filled in once the driver is open.
VideoWriterOptions writer_options(const OutputOptions& options);

// The frame number of --reference N; nullopt for first and auto. Throws Error(Usage).
std::optional<int64_t> reference_number(const std::string& reference);

}  // namespace animate
