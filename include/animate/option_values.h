#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "animate/export.h"
#include "animate/option_visitor.h"
#include "animate/point.h"
#include "animate/rational.h"

// The small types of options that have a grammar. Each is read once, where it enters the program, and is a value from
// there on. parse() throws Error(Usage) with one sentence that names the flag; text() is what parse() reads.

namespace animate {

enum class Switch { Auto, On, Off };
template <>
inline constexpr auto kWords<Switch> = std::to_array<std::string_view>({"auto", "on", "off"});

// In what the networks compute.
enum class PrecisionChoice { Auto, Fp32, Tf32, Fp16, Bf16 };
template <>
inline constexpr auto kWords<PrecisionChoice> = std::to_array<std::string_view>({"auto", "fp32", "tf32", "fp16",
                                                                                 "bf16"});

// How 3 x 3 convolutions are computed on the CPU: by Winograd where that is faster, never, or always.
enum class ConvolutionChoice { Auto, Direct, Winograd };
template <>
inline constexpr auto kWords<ConvolutionChoice> = std::to_array<std::string_view>({"auto", "direct", "winograd"});

// --reference first|auto|neutral|N: the driving frame that relative motion starts from.
struct ANIMATE_EXPORT ReferenceChoice {
  enum class Kind { First, Auto, Neutral, Frame };
  Kind kind = Kind::First;
  int64_t frame = 0;  // of Kind::Frame, counted from 0

  static ReferenceChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const ReferenceChoice&) const = default;
};

// --crop auto|none|x,y,w,h: the part of the source that is animated.
struct ANIMATE_EXPORT CropChoice {
  enum class Kind { ByFamily, Auto, None, Box };  // ByFamily: the empty text
  Kind kind = Kind::ByFamily;
  int x = 0, y = 0, width = 0, height = 0;  // of Kind::Box, pixels; sides of at least 8

  static CropChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const CropChoice&) const = default;
};

// --fps N|source|driving: the times of the result's frames.
struct ANIMATE_EXPORT RateChoice {
  enum class Kind { Own, Source, Driving, Fixed };  // Own: the empty text
  Kind kind = Kind::Own;
  Rational rate;  // of Kind::Fixed, frames a second

  static RateChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const RateChoice&) const = default;
};

// --driving-fps N, --source-fps N: the rate of pictures that have no times of their own, frames a second.
struct ANIMATE_EXPORT PictureRate {
  Rational rate;

  static PictureRate parse(std::string_view text);
  std::string text() const;
  bool operator==(const PictureRate&) const = default;
};

// --video-stream auto|N: which of a file's video streams is the clip.
struct ANIMATE_EXPORT StreamChoice {
  int64_t number = -1;  // counted among the video streams from 0; -1: auto, the longest that moves

  static StreamChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const StreamChoice&) const = default;
};

// --audio driving|source|none|FILE: whose sound the result gets.
struct ANIMATE_EXPORT SoundChoice {
  enum class Kind { Driving, Source, None, File };
  Kind kind = Kind::Driving;
  std::filesystem::path file;  // of Kind::File

  static SoundChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const SoundChoice&) const = default;
};

// --device auto|cpu|cuda[:N]: where the networks run.
struct ANIMATE_EXPORT DeviceChoice {
  enum class Kind { Auto, Cpu, Cuda };
  Kind kind = Kind::Auto;
  int index = -1;  // of Kind::Cuda; -1: the first, and not said

  static DeviceChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const DeviceChoice&) const = default;
};

// --batch auto|N: frames that go through the networks at once.
struct ANIMATE_EXPORT BatchChoice {
  static constexpr int64_t kMost = 64;
  int64_t frames = 0;  // 1 to kMost; 0: auto

  static BatchChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const BatchChoice&) const = default;
};

// --frame-size N|WxH: pixels that the networks work at.
struct ANIMATE_EXPORT FrameSize {
  int64_t width = 0;
  int64_t height = 0;

  static FrameSize parse(std::string_view text);
  std::string text() const;
  bool operator==(const FrameSize&) const = default;
};

// --face largest|left|right|N|x,y|all: which of several faces.
struct ANIMATE_EXPORT FaceChoice {
  enum class Kind { Largest, Left, Right, Number, Place, All };
  Kind kind = Kind::Largest;
  int number = 0;  // of Kind::Number: from 1, counted from left to right
  double x = 0;    // of Kind::Place: pixels
  double y = 0;

  static FaceChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const FaceChoice&) const = default;
};

// --bbox x,y,w,h: a face placed by hand, hairline to chin, in pixels. Sides of at least 8.
struct ANIMATE_EXPORT FaceBox {
  double x = 0, y = 0, width = 0, height = 0;

  static FaceBox parse(std::string_view text);
  std::string text() const;
  bool operator==(const FaceBox&) const = default;
};

// --points x,y;x,y;…: a face placed by hand, in pixels: left eye, right eye, nose, left and right corner of the mouth
// as seen in the picture, or the nine points of LivePortrait's animals.
struct ANIMATE_EXPORT FacePoints {
  std::vector<Point> points;  // 5 or 9

  static FacePoints parse(std::string_view text);
  std::string text() const;
  bool operator==(const FacePoints&) const = default;
};

// --detector auto|haar|FILE.onnx: what finds faces.
struct ANIMATE_EXPORT DetectorChoice {
  enum class Kind { Auto, Haar, File };
  Kind kind = Kind::Auto;
  std::filesystem::path file;  // of Kind::File

  static DetectorChoice parse(std::string_view text);
  std::string text() const;
  bool operator==(const DetectorChoice&) const = default;
};

// --compare baseline|FILE.json of `animate bench`; the empty text compares with nothing.
struct ANIMATE_EXPORT ComparedWith {
  enum class Kind { Nothing, Baseline, File };
  Kind kind = Kind::Nothing;
  std::filesystem::path file;  // of Kind::File

  static ComparedWith parse(std::string_view text);
  std::string text() const;
  bool operator==(const ComparedWith&) const = default;
};

}  // namespace animate
