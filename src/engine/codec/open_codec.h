#pragma once

#include <memory>
#include <string>
#include <vector>

#include "animate/model.h"
#include "catalog/model_finder.h"
#include "models/face_codec.h"

namespace animate::engine {

// The name under which the autoencoder that ships is found.
inline constexpr const char* kShippedCodec = "autoencoder";

// A codec out of its files, with what reports tell of it.
struct OpenedCodec {
  std::shared_ptr<const models::FaceCodec> codec;
  catalog::FoundModel found;
  std::vector<std::string> warnings;  // that came while it was loaded

  // Hashes the files.
  ModelFacts facts() const;
};

// Finds and loads a codec; without a name the one that ships. Sets threads as open_model() does. Throws Error(Input) or
// Error(Model) for its files, Error(Usage) for a model of a family that has no codes.
OpenedCodec open_codec(const ModelSpec& spec, const RuntimeOptions& options);

// Whether this names a model of a family that has codes: for commands that take either kind. Throws as open_codec()
// where no model is found.
bool names_a_codec(const ModelSpec& spec);

}  // namespace animate::engine
