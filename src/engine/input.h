#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "animate/options.h"
#include "media/video_reader.h"

namespace animate::engine {

// What kind of input a path of a job is. Found out once, when the job is checked, and then passed along.
struct Input {
  enum class Kind {
    None,     // no path: a job without a driver
    Picture,  // one picture that does not move
    Clip,     // a video, GIF or APNG, a folder of pictures, a series as in frames/%05d.png
    Template,
    Idle,     // no file: motion made by formulas (kIdleDriver)
    Unknown,  // nothing that is known: opening it gives the exact sentence
  };

  std::filesystem::path path;
  Kind kind = Kind::None;
  media::MediaKind media = media::MediaKind::Unknown;  // of pictures and clips

  // How a clip is read, as in media::VideoReaderOptions; from the options of the job.
  std::optional<int64_t> video_stream = std::nullopt;
  std::optional<Rational> picture_rate = std::nullopt;
  std::optional<double> longest_gap_seconds = std::nullopt;
  Switch deinterlace = Switch::Auto;

  bool given() const { return kind != Kind::None; }
  bool is_picture() const { return kind == Kind::Picture; }
  bool is_clip() const { return kind == Kind::Clip; }
  bool is_template() const { return kind == Kind::Template; }
  bool is_idle() const { return kind == Kind::Idle; }
};

// A source: a picture or a clip. Never throws for a bad file.
Input look_at_source(const std::filesystem::path& path);
// A driver: a picture, a clip, a motion template, or kIdleDriver.
Input look_at_driver(const std::filesystem::path& path);

// The same for a whole job, with the options that say how its clips are read: --video-stream, --driving-fps,
// --source-fps, --deinterlace, and for results at a constant rate --keep-gaps. Throws Error(Usage) where one of them
// has nothing to work on, or no such stream is there.
struct JobInputs {
  Input source;
  Input driving;
};
JobInputs look_at_inputs(const std::filesystem::path& source, const std::filesystem::path& driving,
                         const AnimateOptions& options);

media::VideoReaderOptions reader_options(const Input& input);

}  // namespace animate::engine
