#pragma once

#include <cstdint>
#include <filesystem>

#include "animate/export.h"
#include "animate/option_visitor.h"

namespace animate {

// How one face becomes another.
enum class MorphMethod {
  Auto,    // Motion; with a model that turns pictures into codes and back Latent
  Latent,  // between the codes of a face autoencoder
  Motion,  // both pictures painted on the same keypoints and dissolved
};
template <>
inline constexpr auto kWords<MorphMethod> = std::to_array<std::string_view>({"auto", "latent", "motion"});

// How fast the way from one face to the next is gone.
enum class MorphEase { Linear, Smooth };
template <>
inline constexpr auto kWords<MorphEase> = std::to_array<std::string_view>({"linear", "smooth"});

// Options of `animate morph` alone (engine/README.md#morph).
struct ANIMATE_EXPORT MorphOptions {
  static constexpr int64_t kFrames = 64;

  MorphMethod method = MorphMethod::Auto;
  int64_t frames = kFrames;  // from one picture to the next, both counted
  double duration = 0;       // the same in seconds; 0: frames count
  MorphEase ease = MorphEase::Linear;
  bool loop = false;           // the way back, too; no picture stands twice where it closes
  int64_t hold = 0;            // frames that each picture stands still besides
  double dissolve = 0.4;       // of the way, in its middle, in which details go over; colours take twice that
  bool exact_ends = true;      // motion: the first and the last frames fade into the true pictures
  std::filesystem::path grid;  // a sheet of 64 pictures of the way besides; empty: none
  int64_t size = 0;            // latent: side of the result in pixels; 0: the network's

  void describe(OptionVisitor& visitor);
  bool operator==(const MorphOptions&) const = default;
};

}  // namespace animate
