#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "animate/options.h"
#include "catalog/model_finder.h"
#include "checkpoint/checkpoint.h"
#include "models/bench_subject.h"
#include "models/driven_model.h"
#include "models/face_codec.h"

namespace animate::models {

// Where a model's weights and config are, once they were found.
struct ModelFiles {
  std::string name;
  std::optional<checkpoint::Checkpoint> weights;  // absent for a family without weights, and where there are parts
  std::filesystem::path config;                   // may be empty
  std::map<std::string, checkpoint::Checkpoint>
      parts;  // network -> its own file, as LivePortrait publishes its weights
  catalog::FaceModelFiles faces;
  std::filesystem::path distribution{};  // face_distribution.npz beside the weights; empty: none lies there
  std::filesystem::path location{};      // the weights file, or the folder of the parts; empty without weights

  static ModelFiles open(const catalog::FoundModel& found);
};

// What `animate convert` writes: prefix -> the arrays below it, and what goes into the metadata.
struct PackedModel {
  std::map<std::string, checkpoint::CheckpointScope> scopes;
  std::map<std::string, std::string> metadata;
  std::map<std::string, torch::Tensor> exact;  // stored beside them under these names, also with --half as they are
};

// One model family. The list in registry.cpp is the table of contents: a new family is one folder and one line there.
struct ModelFamily {
  std::string_view name;
  std::string_view summary;
  bool (*matches)(const ModelFiles& files);
  // Null for a family that no driver moves.
  std::shared_ptr<const DrivenModel> (*load)(const ModelFiles& files, const AnimateOptions& options);
  // Proves that weights and config belong together, and tells what to store. Null for a family without weights.
  PackedModel (*pack)(const ModelFiles& files);
  // Null for a family without networks.
  BenchSubject (*bench)(const ModelFiles& files, const BenchOptions& options);
  // Why `animate evaluate` refuses the family, as the middle of a sentence; empty: it measures it.
  std::string_view not_evaluated = {};
  // For a family that turns faces into codes and back, in place of `load`.
  std::shared_ptr<const FaceCodec> (*load_codec)(const ModelFiles& files, const AnimateOptions& options) = nullptr;

  // Of a family that no driver moves: what it is and what takes it, as the middle of a sentence.
  std::string_view not_driven = {};
  // Its published networks are all of one form: `bench --random-weights` needs no config, only a published name.
  bool one_form = false;

  bool is_codec() const { return load_codec != nullptr; }
};

std::vector<ModelFamily> model_families();

// A family beside those of registry.cpp, and the last one of these away again; see engine/job_family.h, AddedFamily.
void add_model_family(const ModelFamily& family);
void remove_added_model_family();

// The first family whose matches() says yes. Throws Error(Model) when none does.
ModelFamily family_of(const ModelFiles& files);

// The family that a YAML config is of, by the sections it has. Throws Error(Model) when it is of none.
ModelFamily family_of_config(const std::filesystem::path& config);

// Loads files by their family. Both throw Error(Usage) for a family of the other kind, in one sentence.
std::shared_ptr<const DrivenModel> load_model(const ModelFiles& files, const AnimateOptions& options);
std::shared_ptr<const FaceCodec> load_codec(const ModelFiles& files, const AnimateOptions& options);

// Throws Error(Usage) for a family that does not move a source: `name` is the model's.
void require_driven(const ModelFamily& family, const std::string& name);

}  // namespace animate::models
