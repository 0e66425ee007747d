#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "animate/export.h"

namespace animate {

// Walks the rows of an option struct. Every option is declared once, in its struct's describe(): name, field, range,
// help. Visitors turn the rows into command-line flags, checks, or printed settings.
class ANIMATE_EXPORT OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  // Names are long flags without dashes; several may be given, "relative,…": the first is the one that is shown.
  virtual void flag(std::string_view names, bool& value, std::string_view help) = 0;
  virtual void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) = 0;
  virtual void number(std::string_view names, double& value, double low, double high, std::string_view help) = 0;
  // `kind` is what stands for the value in --help, as in FILE.
  virtual void text(std::string_view names, std::string& value, std::string_view kind, std::string_view help) = 0;
  virtual void choice(std::string_view names, std::string& value, std::span<const std::string_view> choices,
                      std::string_view help) = 0;
};

// How the driver's motion is carried over to the source.
struct ANIMATE_EXPORT MotionOptions {
  bool relative = true;
  bool relative_jacobian = true;
  bool adapt_scale = false;
  std::string reference = "first";  // first, auto, neutral, or the number of a driving frame, counted from 0

  void describe(OptionVisitor& visitor);
};

// Which part of the source picture is animated.
struct ANIMATE_EXPORT CropOptions {
  std::string crop;                 // auto, none, or x,y,width,height in pixels; empty: what the model's family does
  std::string paste_back = "auto";  // on, off; auto: what the model's family does
  double feather = 0.08;

  void describe(OptionVisitor& visitor);
};

// Which part of the driving clip is used.
struct ANIMATE_EXPORT DrivingOptions {
  double start = 0;                                      // seconds
  double end = std::numeric_limits<double>::infinity();  // seconds

  void describe(OptionVisitor& visitor);
};

// What is written.
struct ANIMATE_EXPORT OutputOptions {
  std::string codec;  // empty: by the output's suffix
  int64_t crf = 18;
  std::string encoder_preset;  // empty: the codec's own default
  std::string pix_fmt;         // empty: by codec
  std::string fps;  // empty: the own times of the source video or the driver; source, driving, 29.97, 30000/1001
  std::string audio = "driving";
  bool concat = false;
  bool show_keypoints = false;
  bool provenance = true;  // write into the result that it is synthetic, and what made it
  bool strict = false;     // a warning about the result is an error: StrictError
  // What the container tells beside its pictures: software, comment, ... The animator adds the provenance.
  std::map<std::string, std::string> metadata;

  void describe(OptionVisitor& visitor);
};

// Where and how the networks run.
struct ANIMATE_EXPORT RuntimeOptions {
  std::string device = "auto";
  bool half = false;               // the same as precision "fp16"
  std::string precision = "auto";  // fp32, tf32, fp16, bf16; auto: tf32 on CUDA, fp32 on the CPU
  std::string batch = "auto";      // frames that go through the networks at once, or auto
  int64_t threads = 0;             // of the networks, and of decoder and encoder each; 0: all cores
  std::string conv = "auto";       // 3 x 3 convolutions on the CPU: auto, direct or winograd

  void describe(OptionVisitor& visitor);
};

// A model family's own options, shown as their own group of --help.
class ANIMATE_EXPORT FamilyOptions {
 public:
  virtual ~FamilyOptions() = default;
  virtual std::string_view family() const = 0;
  virtual void describe(OptionVisitor& visitor) = 0;
};

// Everything that can be set for one animation, besides its files.
struct ANIMATE_EXPORT AnimateOptions {
  AnimateOptions();  // every family's options at their defaults

  MotionOptions motion;
  CropOptions crop;
  DrivingOptions driving;
  OutputOptions output;
  RuntimeOptions runtime;
  std::vector<std::shared_ptr<FamilyOptions>> families;

  // The options of one family, or nullptr.
  const FamilyOptions* of(std::string_view family) const;
};

}  // namespace animate
