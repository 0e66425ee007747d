#pragma once

#include <CLI/CLI.hpp>

#include "animate/animator.h"

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

}  // namespace animate::cli
