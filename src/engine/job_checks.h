#pragma once

#include <filesystem>
#include <vector>

#include "animate/job.h"
#include "engine/input.h"
#include "media/video_writer.h"

namespace animate::engine {

// A job whose files and options were looked at: what its inputs are is known from here on.
struct CheckedJob {
  Input source;
  Input driving;  // Kind::None: a job that edits its source, or morphs it
  std::filesystem::path output;
  AnimateOptions options;
  bool preview = false;
  std::vector<Input> targets = {};  // of a morph; pictures, at least one

  bool is_morph() const { return !targets.empty(); }
  bool is_edit() const { return !driving.given() && !is_morph(); }
};

struct CheckedTemplateJob {
  Input driving;
  std::filesystem::path output;
  AnimateOptions options;
};

// Everything about a job that can be checked before weights are loaded: files that exist, an output that can be
// written and is no input, options that fit together. Throws Error(Usage) or Error(Input).
CheckedJob checked_job(const AnimateJob& job);
CheckedTemplateJob checked_job(const TemplateJob& job);

// The writer's part of the options; times are filled in once the driver is open.
media::VideoWriterOptions writer_options(const OutputOptions& options);

}  // namespace animate::engine
