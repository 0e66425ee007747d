#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "animate/export.h"
#include "animate/fomm_options.h"
#include "animate/idle_options.h"
#include "animate/liveportrait_options.h"
#include "animate/morph_options.h"
#include "animate/option_values.h"
#include "animate/option_visitor.h"

namespace animate {

// How the driver's motion is carried over to the source.
struct ANIMATE_EXPORT MotionOptions {
  bool relative = true;
  bool relative_jacobian = true;
  bool adapt_scale = false;
  ReferenceChoice reference;

  void describe(OptionVisitor& visitor);
  bool operator==(const MotionOptions&) const = default;
};

// Which part of the source picture is animated.
struct ANIMATE_EXPORT CropOptions {
  CropChoice crop;
  Switch paste_back = Switch::Auto;  // auto: what the model's family does
  double feather = 0.08;
  std::optional<PictureRate> source_fps;  // of a folder of pictures as source; 25 where it is not given

  void describe(OptionVisitor& visitor);
  bool operator==(const CropOptions&) const = default;
};

// Which part of the driving clip is used, and how it is read.
struct ANIMATE_EXPORT DrivingOptions {
  double start = 0;                                      // seconds
  double end = std::numeric_limits<double>::infinity();  // seconds
  std::optional<PictureRate> fps;                        // of a folder of pictures; 25 where it is not given
  StreamChoice video_stream;          // of the driver; of a source video where the driver is none or a template
  Switch deinterlace = Switch::Auto;  // of driver and source video; auto: where stream or frames say so

  void describe(OptionVisitor& visitor);
  bool operator==(const DrivingOptions&) const = default;
};

// What is written.
struct ANIMATE_EXPORT OutputOptions {
  std::string codec;  // empty: by the output's suffix
  int64_t crf = 18;
  std::string encoder_preset;  // empty: the codec's own default
  std::string pix_fmt;         // empty: by codec
  RateChoice fps;
  bool keep_gaps = false;  // at a constant rate: repeat a frame for as long as the clip's times jump, however long
  SoundChoice audio;
  bool concat = false;
  bool show_keypoints = false;
  bool provenance = true;  // write into the result that it is synthetic, and what made it
  bool overwrite = true;   // a result that exists is replaced; else it is refused before any work
  bool strict = false;     // a warning about the result is an error: StrictError
  // What the container tells beside its pictures: software, comment, ... The model adds the provenance.
  std::map<std::string, std::string> metadata;

  void describe(OptionVisitor& visitor);
  bool operator==(const OutputOptions&) const = default;
};

// Where and how the networks run.
struct ANIMATE_EXPORT RuntimeOptions {
  DeviceChoice device;
  bool half = false;                                  // the same as precision Fp16
  PrecisionChoice precision = PrecisionChoice::Auto;  // auto: TF32 on CUDA, float on the CPU
  BatchChoice batch;
  int64_t threads = 0;  // of the networks, and of decoder and encoder each; 0: all cores
  ConvolutionChoice conv = ConvolutionChoice::Auto;

  void describe(OptionVisitor& visitor);
  bool operator==(const RuntimeOptions&) const = default;
};

// Everything that can be set for one animation, besides its files. A value: a copy shares nothing. A new family adds a
// member here and a line to the groups of catalog/option_rows.cpp.
struct ANIMATE_EXPORT AnimateOptions {
  MotionOptions motion;
  CropOptions crop;
  DrivingOptions driving;
  OutputOptions output;
  IdleOptions idle;    // only with the driver kIdleDriver
  MorphOptions morph;  // only for jobs with targets
  RuntimeOptions runtime;
  FommOptions fomm;
  LivePortraitOptions liveportrait;

  bool operator==(const AnimateOptions&) const = default;
};

}  // namespace animate
