#include "face/crop_suggestion.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "base/command_line.h"

namespace animate::face {
namespace {

FaceCorners join(const FaceCorners& a, const FaceCorners& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}

double area(const FaceCorners& box) { return (box.right - box.left + 1) * (box.bottom - box.top + 1); }

// As Python shows a float: the shortest digits that read back the same, and always a point.
std::string python_float(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

}  // namespace

double intersection_over_union(const FaceCorners& a, const FaceCorners& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left) + 1;
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top) + 1;
  const double shared = std::max(0.0, width) * std::max(0.0, height);
  return shared / (area(a) + area(b) - shared);
}

CropSuggester::CropSuggester(int frame_width, int frame_height, const CropSuggestionOptions& options)
    : frame_width_(frame_width), frame_height_(frame_height), options_(options) {}

std::vector<CropSuggestion> CropSuggester::add_frame(std::span<const FaceCorners> faces) {
  std::vector<CropSuggestion> ended;
  std::vector<Trajectory> alive;
  for (const Trajectory& trajectory : trajectories_) {
    const bool seen = std::any_of(faces.begin(), faces.end(), [&](const FaceCorners& face) {
      return intersection_over_union(trajectory.initial, face) > options_.iou_with_initial;
    });
    if (seen) {
      alive.push_back(trajectory);
    } else {
      emit(trajectory, ended);
    }
  }

  for (const FaceCorners& face : faces) {
    Trajectory* best = nullptr;
    double best_overlap = options_.iou_with_initial;
    for (Trajectory& trajectory : alive) {
      const double overlap = intersection_over_union(trajectory.initial, face);
      if (overlap > best_overlap) {
        best_overlap = overlap;
        best = &trajectory;
      }
    }
    if (best == nullptr) {
      alive.push_back({face, face, frame_, frame_});
    } else {
      best->last_frame = frame_;
      best->tube = join(best->tube, face);
    }
  }
  trajectories_ = std::move(alive);
  ++frame_;
  return ended;
}

std::vector<CropSuggestion> CropSuggester::finish() {
  std::vector<CropSuggestion> ended;
  for (const Trajectory& trajectory : trajectories_) emit(trajectory, ended);
  trajectories_.clear();
  return ended;
}

void CropSuggester::emit(const Trajectory& trajectory, std::vector<CropSuggestion>& suggestions) const {
  if (trajectory.last_frame - trajectory.first_frame <= options_.min_frames) return;
  const FaceCorners& tube = trajectory.tube;
  const double width = tube.right - tube.left;
  const double height = tube.bottom - tube.top;
  const double increase = options_.increase;
  const double across = std::max(increase, ((1 + 2 * increase) * height - width) / (2 * width));
  const double down = std::max(increase, ((1 + 2 * increase) * width - height) / (2 * height));
  // The casts cut toward zero, which for a box over the border is not the floor.
  const int left = std::max(0, static_cast<int>(tube.left - across * width));
  const int top = std::max(0, static_cast<int>(tube.top - down * height));
  const int right = std::min(frame_width_, static_cast<int>(tube.right + across * width));
  const int bottom = std::min(frame_height_, static_cast<int>(tube.bottom + down * height));
  suggestions.push_back({trajectory.first_frame, trajectory.last_frame, left, top, right - left, bottom - top});
}

std::string ffmpeg_command(const CropSuggestion& suggestion, const std::filesystem::path& film, double fps,
                           const CropSuggestionOptions& options) {
  const double start = suggestion.first_frame / fps;
  const double duration = suggestion.last_frame / fps - start;
  return fmt::format("ffmpeg -i {} -ss {} -t {} -filter:v \"crop={}:{}:{}:{}, scale={}:{}\" crop.mp4",
                     quoted_for_shell(film.string()), python_float(start), python_float(duration), suggestion.width,
                     suggestion.height, suggestion.left, suggestion.top, options.scale_width, options.scale_height);
}

}  // namespace animate::face
