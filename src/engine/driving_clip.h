#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "animate/options.h"
#include "engine/input.h"
#include "media/video_reader.h"
#include "motion/motion_template.h"

namespace animate::engine {

// One step of the driver: a picture whose motion has yet to be extracted, or motion that was stored.
struct DrivingStep {
  Frame frame;  // without pixels when the driver is a template
  std::optional<motion::Motion> motion;
};

// The driver, whatever it is: a clip of pictures, or a motion template. Streams; opens anew for a second pass.
// Not thread-safe.
class DrivingClip {
 public:
  // Throws Error(Input) with the reader's sentence.
  DrivingClip(Input input, const DrivingOptions& options);
  // Motion that lies in no file: it was made for this job.
  DrivingClip(Input input, motion::MotionTemplate made, const DrivingOptions& options,
              std::vector<std::string> warnings);

  // nullopt after the last step.
  std::optional<DrivingStep> next();
  // Starts again from the first step.
  void rewind();

  bool is_template() const { return stored_ != nullptr; }
  const motion::MotionTemplate* stored() const { return stored_.get(); }
  // The stored frames inside --start and --end: first, and one behind the last.
  std::pair<size_t, size_t> stored_range() const { return {first_, last_}; }
  // Width and height of the pictures; {0, 0} for a template.
  std::pair<int, int> picture_size() const;
  // One picture, not a clip.
  bool is_still() const { return input_.is_picture(); }
  Rational frame_rate() const;
  Rational time_base() const;
  // Steps expected, from the header; nullopt where it does not tell.
  std::optional<int64_t> expected_steps() const;
  // Where this clip's sound lies, or nullopt: path, and seconds at which it starts and ends.
  struct Sound {
    std::filesystem::path path;
    double start = 0;
    std::optional<double> end;
    std::optional<int64_t> video_stream;
  };
  std::optional<Sound> sound() const;
  std::optional<double> longest_gap_seconds() const { return input_.longest_gap_seconds; }
  std::vector<std::string> warnings() const;

 private:
  void tell_notes();
  void trim_stored();
  void shorten_stored_gaps();

  Input input_;
  DrivingOptions options_;
  std::unique_ptr<media::VideoReader> reader_;
  std::unique_ptr<motion::MotionTemplate> stored_;
  size_t first_ = 0;  // of the stored frames inside --start and --end
  size_t last_ = 0;
  size_t index_ = 0;
  size_t told_ = 0;  // of the reader's notes
  std::vector<std::string> template_warnings_;
};

}  // namespace animate::engine
