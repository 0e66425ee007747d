#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "models/face_distribution.h"

namespace animate::models {

struct CodecInfo {
  std::string family;
  std::string name;     // for messages
  int64_t side = 0;     // of the square pictures, in pixels
  int64_t numbers = 0;  // of a code
  int64_t parameters = 0;
  bool encodes = true;  // false: the file holds the decoder only
};

// A loaded family that turns faces into codes and back, beside those that move a source (DrivenModel). Immutable: every
// method is const, and any number of threads may share one codec. Pictures are RGB in [0, 1].
class FaceCodec {
 public:
  virtual ~FaceCodec() = default;

  virtual const CodecInfo& info() const = 0;
  virtual torch::Device device() const = 0;

  // [B, 3, side, side] -> [B, numbers], on the codec's device. Throws Error(Model) for a codec without encoder.
  virtual torch::Tensor encode(const torch::Tensor& pictures) const = 0;
  // [B, numbers] of any type and device -> [B, 3, side, side], float, on the codec's device.
  virtual torch::Tensor decode(const torch::Tensor& codes) const = 0;

  // Of codes of faces, as it was fitted after training; nullptr where none came with the weights.
  virtual const FaceDistribution* distribution() const = 0;
};

}  // namespace animate::models
