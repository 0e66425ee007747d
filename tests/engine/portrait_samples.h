#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "media/image_io.h"
#include "models/liveportrait/liveportrait_model.h"
#include "models/liveportrait/networks.h"
#include "support/temp_dir.h"

// What the tests of LivePortrait jobs work on: a small model with random weights, and pictures that are told apart.
namespace animate::test {

inline models::liveportrait::Config small_liveportrait_config() {
  return models::liveportrait::Config::load(std::filesystem::path(ANIMATE_TEST_DATA) / "liveportrait" /
                                            "small_models.yaml");
}

inline std::unique_ptr<models::liveportrait::LivePortraitModel> small_liveportrait(
    torch::ScalarType type = torch::kFloat) {
  torch::manual_seed(3);
  const auto config = small_liveportrait_config();
  models::liveportrait::Networks networks(config);
  networks.fold();
  return std::make_unique<models::liveportrait::LivePortraitModel>("small", config, std::move(networks),
                                                                   catalog::FaceModelFiles{}, torch::kCPU, type);
}

// Smooth colours, other ones for every `shade`.
inline Image shaded_picture(int width, int height, int shade) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = image.row(y) + 3 * x;
      pixel[0] = static_cast<uint8_t>((x * 2 + shade * 40) % 256);
      pixel[1] = static_cast<uint8_t>((y * 3 + shade * 15) % 256);
      pixel[2] = static_cast<uint8_t>((x + y + shade * 70) % 256);
    }
  }
  return image;
}

// A folder of such frames, shade 0, 1, 2, …
inline std::filesystem::path shaded_clip(const TempDir& folder, const std::string& name, int frames, int side = 64) {
  std::filesystem::create_directories(folder / name);
  for (int i = 0; i < frames; ++i) {
    media::save_image(folder / name / fmt::format("{:03d}.png", i), shaded_picture(side, side, i));
  }
  return folder / name;
}

}  // namespace animate::test
