#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "checkpoint/checkpoint.h"
#include "models/model.h"

namespace animate {

// Where a model's weights and config are, once they were found.
struct ModelFiles {
  std::string name;
  std::optional<Checkpoint> weights;  // absent for a family without weights
  std::filesystem::path config;       // may be empty
};

// One model family. The list in registry.cpp is the table of contents: a new family is one folder and one line there.
struct ModelFamily {
  std::string_view name;
  std::string_view summary;
  bool (*matches)(const Checkpoint& weights);
  std::shared_ptr<const Model> (*load)(const ModelFiles& files, const AnimateOptions& options);
};

std::span<const ModelFamily> model_families();

// Loads files by the first family whose matches() says yes. Throws Error(Model) when none does.
std::shared_ptr<const Model> load_model(const ModelFiles& files, const AnimateOptions& options);

}  // namespace animate
