#include "models/fomm/detect_config.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace animate::models::fomm {
namespace {

class Shapes {
 public:
  explicit Shapes(checkpoint::CheckpointScope scope) : scope_(std::move(scope)) {}

  const std::string& name() const { return scope_.checkpoint().name(); }
  const std::string& prefix() const { return scope_.prefix(); }
  bool has(const std::string& name) const { return scope_.contains(name); }

  int64_t size(const std::string& name, size_t axis) const {
    check(has(name) && scope_.info(name).shape.size() > axis, ErrorKind::Model,
          "{}: has no weight {}.{}, so its layout cannot be told; give its YAML with --config",
          scope_.checkpoint().name(), scope_.prefix(), name);
    return scope_.info(name).shape[axis];
  }

  // How many of prefix0suffix, prefix1suffix, … there are.
  int64_t count(const std::string& prefix, const std::string& suffix) const {
    int64_t n = 0;
    while (n < 64 && has(prefix + std::to_string(n) + suffix)) ++n;
    return n;
  }

 private:
  checkpoint::CheckpointScope scope_;
};

// An integer shrink by t has a blur kernel of 4 (t - 1) + 1 taps (models/fomm/README.md#anti-aliasing).
double scale_factor(const Shapes& shapes, const std::string& kernel) {
  if (!shapes.has(kernel)) return 1.0;
  const int64_t taps = shapes.size(kernel, 2);
  check(
      taps > 0 && (taps + 3) % 4 == 0, ErrorKind::Model,
      "{}: its blur kernel {}.{} has {} taps a side, which no whole shrink has, so its scale cannot be told; give its "
      "YAML with --config",
      shapes.name(), shapes.prefix(), kernel, taps);
  return 4.0 / static_cast<double>(taps + 3);
}

struct HourglassShape {
  int64_t block_expansion = 0;
  int64_t max_features = 0;
  int64_t num_blocks = 0;
};

HourglassShape read_hourglass(const Shapes& shapes, const std::string& prefix) {
  HourglassShape shape;
  const std::string down = prefix + "encoder.down_blocks.";
  const std::string up = prefix + "decoder.up_blocks.";
  shape.num_blocks = shapes.count(down, ".conv.weight");
  shape.block_expansion =
      shapes.size(up + std::to_string(std::max<int64_t>(shape.num_blocks - 1, 0)) + ".conv.weight", 0);
  for (int64_t i = 0; i < shape.num_blocks; ++i) {
    shape.max_features = std::max(shape.max_features, shapes.size(down + std::to_string(i) + ".conv.weight", 0));
  }
  return shape;
}

}  // namespace

Config detect_config(const checkpoint::Checkpoint& weights) {
  const Shapes detector(weights.scope("kp_detector"));
  const Shapes generator(weights.scope("generator"));
  Config config;

  const HourglassShape predictor = read_hourglass(detector, "predictor.");
  config.num_kp = detector.size("kp.weight", 0);
  config.num_channels = generator.size("first.conv.weight", 1);
  config.estimate_jacobian = detector.has("jacobian.weight");
  config.kp_detector.block_expansion = predictor.block_expansion;
  config.kp_detector.max_features = predictor.max_features;
  config.kp_detector.num_blocks = predictor.num_blocks;
  config.kp_detector.temperature = 0.1;
  config.kp_detector.scale_factor = scale_factor(detector, "down.weight");
  config.kp_detector.single_jacobian_map =
      config.estimate_jacobian && config.num_kp > 1 && detector.size("jacobian.weight", 0) == 4;

  GeneratorConfig& g = config.generator;
  g.block_expansion = generator.size("first.conv.weight", 0);
  g.num_down_blocks = generator.count("down_blocks.", ".conv.weight");
  g.num_bottleneck_blocks = generator.count("bottleneck.r", ".conv1.weight");
  g.max_features = g.block_expansion;
  for (int64_t i = 0; i < g.num_down_blocks; ++i) {
    g.max_features = std::max(g.max_features, generator.size("down_blocks." + std::to_string(i) + ".conv.weight", 0));
  }
  const std::string dense = "dense_motion_network.";
  g.has_dense_motion = generator.has(dense + "mask.weight");
  if (g.has_dense_motion) {
    const HourglassShape hourglass = read_hourglass(generator, dense + "hourglass.");
    g.estimate_occlusion_map = generator.has(dense + "occlusion.weight");
    g.dense_motion = {hourglass.block_expansion, hourglass.max_features, hourglass.num_blocks,
                      scale_factor(generator, dense + "down.weight"), 0.01};
  }
  if (config.kp_detector.scale_factor <= 0.125) config.frame_width = config.frame_height = 512;
  config.yaml = to_yaml(config);
  return config;
}

std::string to_yaml(const Config& c) {
  std::string yaml = fmt::format(
      "dataset_params:\n  frame_shape: [{}, {}, {}]\n"
      "model_params:\n"
      "  common_params:\n    num_kp: {}\n    num_channels: {}\n    estimate_jacobian: {}\n"
      "  kp_detector_params:\n    temperature: {}\n    block_expansion: {}\n    max_features: {}\n    scale_factor: "
      "{}\n"
      "    num_blocks: {}\n    single_jacobian_map: {}\n    pad: {}\n"
      "  generator_params:\n    block_expansion: {}\n    max_features: {}\n    num_down_blocks: {}\n"
      "    num_bottleneck_blocks: {}\n    estimate_occlusion_map: {}\n    skips: {}\n",
      c.frame_width, c.frame_height, c.num_channels, c.num_kp, c.num_channels, c.estimate_jacobian,
      c.kp_detector.temperature, c.kp_detector.block_expansion, c.kp_detector.max_features, c.kp_detector.scale_factor,
      c.kp_detector.num_blocks, c.kp_detector.single_jacobian_map, c.kp_detector.pad, c.generator.block_expansion,
      c.generator.max_features, c.generator.num_down_blocks, c.generator.num_bottleneck_blocks,
      c.generator.estimate_occlusion_map, c.generator.skips);
  if (c.generator.has_dense_motion) {
    const DenseMotionConfig& d = c.generator.dense_motion;
    yaml += fmt::format(
        "    dense_motion_params:\n      block_expansion: {}\n      max_features: {}\n      num_blocks: {}\n"
        "      scale_factor: {}\n      kp_variance: {}\n",
        d.block_expansion, d.max_features, d.num_blocks, d.scale_factor, d.kp_variance);
  }
  return yaml;
}

}  // namespace animate::models::fomm
