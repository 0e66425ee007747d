#pragma once

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <string>

#include "animate/animator.h"
#include "cli/bind_options.h"

// Flags that several commands have, so that they are called and explained alike.

namespace animate::cli {

// -m and --config, shared by every command that needs a model.
inline void add_model_flags(CLI::App& app, ModelSpec& spec) {
  app.add_option(
         "-m,--model", spec.model,
         "name of a found model, a folder with config and weights, or a weights file; default: LivePortrait where "
         "its weights are found, else heads, the drawn-heads model that ships")
      ->option_text("NAME|FOLDER|FILE")
      ->group("Model");
  app.add_option("--config", spec.config, "YAML config of the weights, where they do not carry one")
      ->option_text("FILE.yaml")
      ->group("Model");
}

// --progress; `note` goes on with its help.
inline void add_progress_flag(CLI::App& app, std::string& mode, const std::string& note = "") {
  app.add_option("--progress", mode, "auto, bar, lines, json or none" + note)
      ->check(CLI::IsMember({"auto", "bar", "lines", "json", "none"}))
      ->option_text("MODE")
      ->group("Program");
}

// Every row of an option struct, in a group of its own.
template <typename Options>
void add_options(CLI::App& app, const std::string& group, Options& options) {
  CliBinder binder(app, group);
  options.describe(binder);
}

inline void add_family_options(CLI::App& app, AnimateOptions& options) {
  for (const auto& family : options.families) {
    add_options(app, fmt::format("Model family {}", family->family()), *family);
  }
}

// All options of an animation; `preset` explains --preset.
inline void add_animate_options(CLI::App& app, AnimateOptions& options, const char* preset_value, const char* preset) {
  add_options(app, "Motion", options.motion);
  add_options(app, "Source", options.crop);
  add_options(app, "Driving clip", options.driving);
  add_options(app, "Output", options.output);
  app.add_option("--encoder-preset,--preset", options.output.encoder_preset, preset)
      ->option_text(preset_value)
      ->group("Output");
  add_options(app, "Runtime", options.runtime);
  add_family_options(app, options);
}

}  // namespace animate::cli
