#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "animate/animator.h"
#include "animate/export.h"

namespace animate {

struct ANIMATE_EXPORT BenchOptions {
  RuntimeOptions runtime;
  bool random_weights = false;  // any config, without a checkpoint
  bool baseline = false;        // compute as the original program does: nothing folded, source encoded every frame
  int64_t frames = 20;          // measured frames, after two that are not
  int64_t size = 0;             // square frame size in pixels; 0: the config's

  void describe(OptionVisitor& visitor);
};

struct BenchStage {
  std::string name;
  int64_t parameters = 0;
  double milliseconds = 0;  // median for one frame
  bool per_frame = true;    // false: once per source
  int64_t bytes = 0;        // size of parameters and buffers as they lie in the file; 0: not told
};

struct BenchReport {
  std::string model;
  std::string device;
  std::string mode;  // "optimised" or "baseline"
  int64_t width = 0;
  int64_t height = 0;
  int64_t frames = 0;
  std::vector<BenchStage> stages;
  double milliseconds_per_frame = 0;  // median of whole frames, not the sum of the stages
  double frames_per_second = 0;
};

struct ConvertOptions {
  bool half = false;
  std::filesystem::path config;  // needed where the input does not carry one and it cannot be told from the shapes
};

// A drawn head and a clip of another one (spec heads.md).
struct ANIMATE_EXPORT HeadsOptions {
  int64_t seed = 0;       // of the clip: its head, its motion
  int64_t identity = -1;  // seed of the head in source.png; -1: seed + 1
  int64_t frames = 100;   // at 25 a second
  int64_t size = 256;     // side of the square pictures in pixels, even

  void describe(OptionVisitor& visitor);
};

// What else LibTorch and FFmpeg are needed for. Stateless; every call throws animate::Error.
class ANIMATE_EXPORT Toolbox {
 public:
  virtual ~Toolbox() = default;

  // What a picture, video or motion template holds, as JSON text.
  virtual std::string inspect(const std::filesystem::path& path) = 0;
  // Any readable checkpoint -> one safetensors file with the model's config in its metadata. Returns a summary line.
  virtual std::string convert(const std::filesystem::path& input, const std::filesystem::path& output,
                              const ConvertOptions& options) = 0;
  // Writes source.png, driving.mp4 and keypoints.csv, the clip's true keypoints and local frames, into `folder`, which
  // is made where it is absent. Returns a summary line.
  virtual std::string heads(const std::filesystem::path& folder, const HeadsOptions& options) = 0;
  virtual BenchReport bench(const ModelSpec& spec, const BenchOptions& options) = 0;
};

ANIMATE_EXPORT std::unique_ptr<Toolbox> make_toolbox();

}  // namespace animate
