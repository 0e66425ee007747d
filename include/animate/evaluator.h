#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "animate/export.h"
#include "animate/options.h"
#include "animate/progress.h"

namespace animate {

// What coordinates from --keypoints are: told from their range, 0..1, or pixels of its input.
enum class KeypointScale { Auto, Unit, Pixels };
template <>
inline constexpr auto kWords<KeypointScale> = std::to_array<std::string_view>({"auto", "unit", "pixels"});

// Channels of the picture that --embedding takes.
enum class ChannelOrder { Rgb, Bgr };
template <>
inline constexpr auto kWords<ChannelOrder> = std::to_array<std::string_view>({"rgb", "bgr"});

// What is measured, and how much of it.
struct ANIMATE_EXPORT EvaluateOptions {
  int64_t seed = 100000;       // heads: number of the first identity; training sees only those below 100000
  int64_t heads = 60;          // heads: identities that are reconstructed; 0: none
  int64_t pairs = 6;           // heads: pairs of pictures of each identity
  int64_t transfers = 12;      // heads: pairs of identities of which one drives the other; 0: none
  int64_t frames = 48;         // heads: length of a transfer's clip, 25 frames a second
  int64_t clips = 0;           // folders: only the first so many clips; 0: all
  int64_t faces = 1000;        // autoencoders: faces that Fréchet distances are measured on; 0: no distances
  int64_t linear_code = 4096;  // autoencoders: faces that the linear code beside them is fitted to
  bool save_frames = false;
  KeypointScale keypoint_scale = KeypointScale::Auto;
  double missing_below = 0.1;  // a heatmap whose peak is lower has no keypoint
  ChannelOrder embedding_order = ChannelOrder::Rgb;
  RuntimeOptions runtime;

  void describe(OptionVisitor& visitor);
};

struct EvaluateJob {
  std::vector<std::string> models;  // as ModelSpec::model; empty: the default model
  std::filesystem::path config;     // of those weights that do not carry their own
  // A folder of clips, or one clip; of an autoencoder a folder or list of faces. None: drawn heads.
  std::optional<std::filesystem::path> data;
  std::filesystem::path output;     // folder for report.json, sheet.png and the saved frames; empty: none
  std::filesystem::path keypoints;  // ONNX network that finds keypoints, for AKD and MKR; empty: none
  std::filesystem::path embedding;  // ONNX network that describes an identity, for AED; empty: none
  // CSV files with the columns clip, frame, point, x, y: compared as they are, no model runs. Both or none.
  std::filesystem::path keypoints_real, keypoints_generated;
  std::string command_line;  // for the report
  EvaluateOptions options;
};

// One column of the table.
struct EvaluatedFigure {
  std::string name;   // as in report.json: "l1"
  std::string title;  // as in the table: "L1"
  std::string unit;   // "0..1", "dB", "px", "[-1,1]", or empty
  int decimals = 4;
  double mean = 0;  // over all pictures (correlations: over all clips); may be infinite (PSNR of equal pictures)
  double margin =
      0;  // half the 95 % interval, from the spread between identities or clips; NaN where there is one only
  int64_t count = 0;  // pictures, or clips
};

// One table: "reconstruction" or "transfer"; of an autoencoder "codes" or "faces".
struct EvaluatedPart {
  std::string name;
  std::string what;  // what was done, in a line
  std::vector<EvaluatedFigure> figures;
  std::vector<std::pair<std::string, std::map<std::string, double>>> items;  // means of each identity or clip
};

// One row.
struct EvaluatedModel {
  std::string name, family;
  std::filesystem::path file;
  int64_t frame_width = 0, frame_height = 0;  // pixels
  int64_t parameters = 0;
  double seconds = 0;
  std::vector<EvaluatedPart> parts;
};

struct EvaluationReport {
  std::vector<EvaluatedModel> models;
};

// Measures models by the paper's protocol (models/fomm/README.md#evaluation) and on drawn heads, where the truth is
// known. Throws animate::Error; nothing is left of the output when it throws or is stopped (ErrorKind::Cancelled).
class ANIMATE_EXPORT Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual EvaluationReport evaluate(const EvaluateJob& job, Progress& progress, std::stop_token stop) = 0;
};

ANIMATE_EXPORT std::unique_ptr<Evaluator> make_evaluator();

}  // namespace animate
