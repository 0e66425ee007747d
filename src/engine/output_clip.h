#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/options.h"
#include "engine/frame_rate.h"
#include "media/video_writer.h"

namespace animate::engine {

// The clock of the pictures that an OutputClip is given.
struct ClipTiming {
  Rational frame_rate;  // nominal frames a second
  Rational time_base;   // of pts and duration
};

// The encoder's end of a job: opens the writer once the size is known, and keeps the pictures' times or, where
// `constant_rate` is given, shows them on that clock. Not thread-safe.
class OutputClip {
 public:
  OutputClip(std::filesystem::path path, const OutputOptions& options, const ClipTiming& timing,
             std::optional<Rational> constant_rate, std::optional<media::AudioSource> sound);

  void write(Image image, int64_t pts, int64_t duration);
  // Puts the file in place. Throws Error(Input) when nothing was written.
  void finish();

  std::vector<std::string> warnings() const { return writer_ ? writer_->warnings() : std::vector<std::string>(); }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  void write_held_until(int64_t pts);

  std::filesystem::path path_;
  media::VideoWriterOptions options_;
  std::optional<media::VideoWriter> writer_;
  std::optional<ConstantRate> rate_;
  std::optional<Frame> held_;
  int64_t nominal_duration_ = 1;  // in the clip's ticks
  int width_ = 0;
  int height_ = 0;
};

}  // namespace animate::engine
