#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/export.h"
#include "animate/model.h"

namespace animate {

struct BenchStage {
  std::string name;
  int64_t parameters = 0;
  double milliseconds = 0;  // median for one frame
  bool per_frame = true;    // false: once per source
  int64_t bytes = 0;        // size of parameters and buffers as they lie in the file; 0: not told
  double gflop = 0;         // 10^9 floating-point operations of one frame, two a multiply-add; 0: not counted
};

// What equal operations of one frame take together: the same operation on maps and weights of the same shapes.
struct BenchLayer {
  std::string operation;  // LibTorch's name, or "winograd2d" and the like for a kernel of this program
  std::string input;      // shapes as in 1x64x128x128; empty where operations are only told by name
  std::string weight;     // empty without one
  std::string output;
  int64_t count = 0;        // calls in a frame
  double milliseconds = 0;  // of all of them
  double gflop = 0;         // of all of them, as a direct convolution or matrix product takes; 0: not counted
  double megabytes = 0;     // 10^6 bytes of inputs, weights and outputs of all of them, each read or written once
};

// What the machine reaches at its best on the bench's device and threads. 0: not measured.
struct MachineProbe {
  double gflops = 0;                // 10^9 floating-point operations a second of a float32 matrix product
  double gigabytes_per_second = 0;  // 10^9 bytes a second of a copy that no cache holds, read and written together
};

// How far two pictures of the same inputs lie apart; their values span 0..1.
struct PictureDifference {
  double largest = 0;  // absolute difference of any value
  double psnr = 0;     // 10 log10(1 / mean squared difference) in dB; infinite for equal pictures
};

// Another measurement to compare with.
struct BenchComparison {
  std::string name;  // the file it was read from, or "baseline"
  std::string model;
  std::string device;
  std::string mode;
  int64_t width = 0;
  int64_t height = 0;
  std::vector<BenchStage> stages;  // name, milliseconds and per_frame count
  double milliseconds_per_frame = 0;
  std::optional<PictureDifference> difference;  // only where both were measured in this run
};

// A clip animated as `animate` does it. Stage seconds overlap: decoding, inference and encoding run side by side.
struct BenchClip {
  int64_t frames = 0;
  int width = 0;  // of the result
  int height = 0;
  double seconds = 0;  // wall clock, from the first read to the finished file; the model is loaded before
  double decode_seconds = 0;
  double motion_seconds = 0;
  double render_seconds = 0;
  double compose_seconds = 0;  // paste-back, and whatever else makes the written picture of a frame
  double encode_seconds = 0;
  QueueWaits waits;
};

// A frame of a morph by motion: two pictures painted in one pose and dissolved.
struct BenchMorph {
  int64_t renders = 2;             // a frame
  double milliseconds = 0;         // of a frame
  double render_milliseconds = 0;  // of one render, measured in turns with it
};

struct ANIMATE_EXPORT BenchOptions {
  RuntimeOptions runtime;
  bool random_weights = false;    // any config, without a checkpoint
  bool baseline = false;          // compute as the original program does: nothing folded, source encoded every frame
  int64_t frames = 20;            // measured frames, after two that are not; with `clip` also the frames of it; of
                                  // video diffusion the frames of the clip that is called for, once
  std::optional<FrameSize> size;  // of the frames in pixels; absent: the config's
  bool layers = false;            // rows of single layers
  bool morph = false;             // also a frame of a morph by motion
  bool probe = true;              // measure what the machine reaches at its best
  ComparedWith compare;           // the baseline is measured in the same run; a file is read into `earlier`
  std::string clip;               // a driving video to animate from end to end; empty: none
  std::string picture;            // the source for it; empty: the clip's first frame
  std::string roofline;           // PNG to draw the layers into; empty: none
  std::optional<BenchComparison> earlier;

  void describe(OptionVisitor& visitor);
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
  double gflop_per_frame = 0;
  MachineProbe probe;
  std::vector<BenchLayer> layers;        // longest first; empty where not asked for
  double layers_frame_milliseconds = 0;  // of the frames in which layers were timed: their share is of this
  std::optional<BenchComparison> comparison;
  std::optional<BenchMorph> morph;
  std::optional<BenchClip> clip;
};

struct ConvertOptions {
  bool half = false;
  std::filesystem::path config;  // needed where the input does not carry one and it cannot be told from the shapes
};

// A drawn head and a clip of another one (heads/README.md#parameters).
struct ANIMATE_EXPORT HeadsOptions {
  int64_t seed = 0;       // of the clip: its head, its motion
  int64_t identity = -1;  // seed of the head in source.png; -1: seed + 1
  int64_t frames = 100;   // at 25 a second
  int64_t size = 256;     // side of the square pictures in pixels, even

  void describe(OptionVisitor& visitor);
};

// How a film is cut into clips of one head each (models/fomm/README.md#crops); the defaults are crop-video.py's.
struct ANIMATE_EXPORT CropsOptions {
  double increase = 0.1;           // margin on every side, as a share of the face
  double iou_with_initial = 0.25;  // a face that overlaps its first place by less is another clip
  int64_t min_frames = 150;        // clips of fewer are left out
  int64_t size = 256;              // side of the pictures that the printed commands make, in pixels
  DetectorChoice detector;         // auto: the Haar cascade, which needs no weights

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
  // One ffmpeg command for every clip of a head in the film, in the order in which the clips end. Throws
  // Error(Cancelled) when stopped.
  virtual std::vector<std::string> suggest_crops(const std::filesystem::path& film, const CropsOptions& options,
                                                 Progress& progress, std::stop_token stop) = 0;
  // Measures the networks on synthetic frames, and with `clip` a whole job. The roofline is drawn if it is asked for.
  virtual BenchReport bench(const ModelSpec& spec, const BenchOptions& options) = 0;
};

ANIMATE_EXPORT std::unique_ptr<Toolbox> make_toolbox();

}  // namespace animate
