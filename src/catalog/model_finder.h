#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "animate/model.h"

namespace animate::catalog {

// Networks that find faces and their landmarks, where they were found beside a model. Any may be empty.
struct FaceModelFiles {
  std::filesystem::path detector;      // det_10g.onnx, else YuNet
  std::filesystem::path landmarks106;  // 2d106det.onnx
  std::filesystem::path landmarks203;  // landmark.onnx
};

// A model on disk: where its weights are, and its config where that is a file of its own.
struct FoundModel {
  std::string name;               // the folder's or the file's, as -m takes it
  std::filesystem::path weights;  // empty for the identity model, and where there are parts
  std::filesystem::path config;   // may be empty
  // Weights in several files, as some families publish them (FolderLayout): network -> file.
  std::map<std::string, std::filesystem::path> parts;
  FaceModelFiles faces;
  std::string family{};  // that the folder's layout tells, where there are parts; empty: what the weights tell

  // What stands for the model in lists: its weights file, or the folder of its parts.
  std::filesystem::path location() const {
    return parts.empty() ? weights : parts.begin()->second.parent_path().parent_path();
  }
};

// Folders that are searched for models, best first: $ANIMATE_MODELS (a list separated by colons), ./models,
// $XDG_DATA_HOME/animate/models, then what is installed with the program.
std::vector<std::filesystem::path> model_search_path();

// Every model in those folders: a folder with one weights file in it, or a weights file itself.
std::vector<FoundModel> list_models();

// What `spec` means: a path to a folder or weights file, the name of a found model, "identity", or the default model.
// Throws Error(Input) with the sentence for what is missing or ambiguous.
FoundModel find_model(const ModelSpec& spec);

}  // namespace animate::catalog
