#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "engine/job_checks.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait_samples.h"
#include "media/image_io.h"
#include "support/temp_dir.h"

// Whole LivePortrait jobs on a small random network, with faces where the test says.
namespace animate::test::portrait_jobs {

inline const models::liveportrait::LivePortraitModel& shared_model() {
  static const auto model = test::small_liveportrait();
  return *model;
}

// Eyes, nose and mouth of an upright face whose eyes are `eyes` pixels apart.
inline engine::FoundFace face_at(float x, float y, float eyes) {
  return {{{x - eyes / 2, y}, {x + eyes / 2, y}, {x, y + eyes / 2}, {x - eyes / 3, y + eyes}, {x + eyes / 3, y + eyes}},
          std::nullopt};
}

// Faces by script: a list for pictures, and for clips one entry a frame (the last one goes on).
struct Script : engine::FaceFinder {
  std::vector<engine::FoundFace> picture_faces{face_at(40, 40, 10)};
  std::vector<bool> source{true};
  std::vector<bool> driver{true};

  struct Track : engine::FaceTrack {
    explicit Track(std::vector<bool> seen) : seen_(std::move(seen)) {}
    std::optional<engine::FoundFace> next(const Image&) override {
      const bool here = seen_[std::min(index_++, seen_.size() - 1)];
      return here ? std::optional(face_at(32, 28, 8)) : std::nullopt;
    }
    std::vector<bool> seen_;
    size_t index_ = 0;
  };

  std::vector<engine::FoundFace> in_picture(const Image&, const std::string&) override { return picture_faces; }
  std::unique_ptr<engine::FaceTrack> follow(engine::FaceRole role, const std::string&) const override {
    return std::make_unique<Track>(role == engine::FaceRole::Source ? source : driver);
  }
  bool has_points203() const override { return false; }
  std::vector<std::string> warnings() const override { return {}; }
};

struct Result {
  AnimateSummary summary;
  std::vector<Image> frames;
};

inline Result run(const AnimateJob& job, Script& script,
                  const models::liveportrait::LivePortraitModel& model = shared_model(),
                  std::optional<bool> device_faces = std::nullopt) {
  NoProgress progress;
  Result result{engine::run_portrait_animation(model, engine::checked_job(job), script, progress, {}, device_faces),
                {}};
  for (int64_t i = 0; i < result.summary.frames; ++i) {
    result.frames.push_back(media::load_image(job.output.parent_path() / fmt::format("r{:03d}.png", i + 1)));
  }
  return result;
}

inline AnimateJob job_of(const TempDir& folder, const std::filesystem::path& source,
                         const std::filesystem::path& driving) {
  std::filesystem::create_directories(folder / "out");
  return {source, driving, folder / "out" / "r%03d.png", AnimateOptions()};
}

}  // namespace animate::test::portrait_jobs
