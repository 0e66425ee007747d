#pragma once

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "animate/model.h"
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

// --data of what learns or measures: the word heads, or files.
inline void add_data_flag(CLI::App& app, std::optional<std::filesystem::path>& data, const std::string& help) {
  app.add_option_function<std::string>(
         "--data",
         [&data](const std::string& text) {
           data = text == "heads" ? std::nullopt : std::optional<std::filesystem::path>(text);
         },
         help)
      ->option_text("heads|FOLDER")
      ->group("Files");
}

// --progress; `note` goes on with its help.
inline void add_progress_flag(CLI::App& app, std::string& mode, const std::string& note = "") {
  app.add_option("--progress", mode, "auto, bar, lines, json or none" + note)
      ->check(CLI::IsMember({"auto", "bar", "lines", "json", "none"}))
      ->option_text("MODE")
      ->group("Program");
}

inline void bind_options(CLI::App& app, const std::vector<catalog::OptionRow>& rows) {
  for (const catalog::OptionRow& row : rows) bind_option(app, row);
}

// Every row of an option struct, in a group of its own.
template <typename Options>
void add_options(CLI::App& app, const std::string& group, Options& options) {
  bind_options(app, catalog::rows_of(options, group));
}

}  // namespace animate::cli
