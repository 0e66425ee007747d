#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "face/face.h"

namespace animate::face {

// Where to cut a long film into clips of one talking head each: the bookkeeping of the original's crop-video.py,
// without its detector. Pure logic on boxes; nothing here reads a picture or starts a program.

struct CropSuggestionOptions {
  double increase = 0.1;           // how much wider than the face, on every side, as a share of the face
  double iou_with_initial = 0.25;  // below this overlap with its first box a face counts as lost
  int min_frames = 150;            // shorter clips are not suggested
  int scale_width = 256;           // the size that the printed command scales to
  int scale_height = 256;
};

// One clip: frames [first_frame, last_frame] and the part of the picture to keep, in pixels.
struct CropSuggestion {
  int first_frame = 0;
  int last_frame = 0;
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

// Follows faces from frame to frame. Not a tracker of identities: a face is the same one while it overlaps the place
// where it was first seen. Not thread-safe.
class CropSuggester {
 public:
  CropSuggester(int frame_width, int frame_height, const CropSuggestionOptions& options);

  // The faces of the next frame, in the detector's order. Returns the clips that end here.
  std::vector<CropSuggestion> add_frame(std::span<const FaceCorners> faces);
  // The clips that last to the end of the film. Call once, after the last frame.
  std::vector<CropSuggestion> finish();

 private:
  struct Trajectory {
    FaceCorners initial;
    FaceCorners tube;  // smallest box round all boxes of the face
    int first_frame = 0;
    int last_frame = 0;
  };

  void emit(const Trajectory& trajectory, std::vector<CropSuggestion>& suggestions) const;

  int frame_width_;
  int frame_height_;
  CropSuggestionOptions options_;
  int frame_ = 0;
  std::vector<Trajectory> trajectories_;
};

// Intersection over union; sides are counted as last pixel - first pixel + 1, as the original does.
double intersection_over_union(const FaceCorners& a, const FaceCorners& b);

// The ffmpeg command that cuts the clip out of `film`, as the original prints it. `fps` in frames a second.
std::string ffmpeg_command(const CropSuggestion& suggestion, const std::filesystem::path& film, double fps,
                           const CropSuggestionOptions& options);

}  // namespace animate::face
