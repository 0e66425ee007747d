#pragma once

#include <optional>
#include <string>

#include "catalog/model_finder.h"

namespace animate::catalog {

// The name under which the drawn-heads model that ships is always found, whatever the default is.
inline constexpr const char* kDrawnHeads = "heads";
// The autoencoder of faces that ships, for commands that need codes.
inline constexpr const char* kFaceCodec = "autoencoder";

// The model that is meant when none is named: LivePortrait when its weights are found whole, for it can do photos;
// else the drawn heads that ship.
struct DefaultModel {
  FoundModel model;
  std::string hint;  // one line about how to get the better one; empty when this is it
};

// The first LivePortrait model that is found whole, if there is one: all four networks are there and none is an LFS
// pointer, a web page or empty; or one .safetensors file that says it is LivePortrait.
std::optional<FoundModel> find_whole_liveportrait();

// Throws Error(Input) when not even the drawn heads are there.
DefaultModel default_model();

}  // namespace animate::catalog
