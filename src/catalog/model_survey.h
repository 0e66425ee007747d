#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "catalog/weights_list.h"

namespace animate::catalog {

// A model that is found, or that could be fetched.
struct SurveyedModel {
  std::string name;  // as -m takes it; of one that is not here: as `animate models fetch` takes it
  std::string family;
  std::string state;               // "complete", "missing 2 of 8 files", "not here", …
  bool present = false;            // something of it is on this machine
  bool usable = false;             // it can be run, as far as names, sizes and first bytes tell
  bool is_default = false;         // what runs when no model is named
  std::filesystem::path location;  // the weights file, or the folder of the parts; empty when not here
  std::filesystem::path config;
  std::filesystem::path landmarks;  // LivePortrait: landmark.onnx, where it is found
  std::filesystem::path detector;   // LivePortrait: det_10g.onnx, else YuNet
  std::string licence;              // empty: not known
  std::string published;            // its name in the list; empty when it is not of the list
  int64_t published_bytes = 0;
  bool fetchable = false;
};

// Every model in the search path, whole or not, then what is published and not here. Nothing is hashed: sizes and first
// bytes tell. Takes milliseconds.
std::vector<SurveyedModel> survey_models(const WeightsList& list);

// Where `animate models fetch` puts `model` when it is not told: the folder where some of it lies already, else a
// folder of its name in the first place of the search path that can be written: those of $ANIMATE_MODELS, ./models if
// it exists, $XDG_DATA_HOME/animate/models. Throws Error(Input) when there is none.
std::filesystem::path fetch_folder(const PublishedModel& model, const std::vector<SurveyedModel>& survey);

}  // namespace animate::catalog
