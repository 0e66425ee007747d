#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "motion/retargeter.h"

namespace animate::test {

// LivePortrait's three small networks without LibTorch: what the torch ones are compared with. Reads the published
// file's layout (models/liveportrait/README.md#retargeting-file): entries retarget_shoulder, retarget_eye and
// retarget_mouth, every "module." in a key ignored.
class PlainRetargeter : public motion::Retargeter {
 public:
  explicit PlainRetargeter(const std::filesystem::path& path);

  Points3 stitch(const Points3& source, const Points3& driving) const override;
  Points3 eye_delta(const Points3& source, const std::array<float, 3>& ratios) const override;
  Points3 lip_delta(const Points3& source, const std::array<float, 2>& ratios) const override;

 private:
  struct Layer {
    std::vector<float> weight;  // [out, in]
    std::vector<float> bias;    // [out]
  };
  using Network = std::vector<Layer>;  // ReLU between the layers

  static std::vector<float> run(const Network& network, std::vector<float> values);
  static Points3 delta(const Network& network, const Points3& source, std::span<const float> ratios);

  Network stitching_, eye_, lip_;
};

}  // namespace animate::test
