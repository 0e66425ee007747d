#pragma once

#include "checkpoint/checkpoint.h"
#include "models/autoencoder/config.h"

namespace animate::models::autoencoder {

// Where the arrays of the two networks are in a checkpoint, whatever wrappers stand before them. `encoder` is empty in
// a file of the decoder alone.
struct Scopes {
  checkpoint::CheckpointScope encoder;
  checkpoint::CheckpointScope decoder;
};

// Whether names and shapes are this family's: a whole state dict, or the decoder's alone ("0.weight", …).
bool is_autoencoder(const checkpoint::Checkpoint& weights);

// Both throw Error(Model) for weights that are not.
Scopes scopes_of(const checkpoint::Checkpoint& weights);
// Told from the shapes of the decoder, which every file has.
Config told_config(const checkpoint::Checkpoint& weights);

}  // namespace animate::models::autoencoder
