#include "models/fomm/fomm_model.h"

#include <c10/core/InferenceMode.h>

#include <charconv>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "catalog/fomm_options.h"
#include "core/device.h"

namespace animate::fomm {
namespace {

struct FommSource : Source {
  EncodedSource encoded;
  Keypoints keypoints;
};

const FommSource& typed_source(const Source& source) { return static_cast<const FommSource&>(source); }

std::vector<Point> to_points(const torch::Tensor& value) {
  const auto flat = value[0].to(torch::kCPU, torch::kFloat64).contiguous();
  const auto* data = flat.data_ptr<double>();
  std::vector<Point> points;
  for (int64_t i = 0; i < flat.size(0); ++i) points.push_back({data[2 * i], data[2 * i + 1]});
  return points;
}

AlignCorners choose_align(const AnimateOptions& options, const Checkpoint* weights) {
  const auto* own = dynamic_cast<const FommOptions*>(options.of("fomm"));
  std::string word = own != nullptr ? own->align_corners : "auto";
  if (word == "auto" && weights != nullptr) {
    const auto stored = weights->metadata().find("align_corners");
    if (stored != weights->metadata().end()) word = stored->second;
  }
  return word == "on" ? AlignCorners::On : AlignCorners::Off;
}

// "512" or "384x256" -> the config's frame; anything else is refused.
void apply_frame_size(const std::string& text, Config& config) {
  if (text.empty()) return;
  int64_t width = 0;
  int64_t height = 0;
  const char* const end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, width);
  if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == 'x') {
    parsed = std::from_chars(parsed.ptr + 1, end, height);
  } else {
    height = width;
  }
  constexpr int64_t largest = 8192;
  check(
      parsed.ec == std::errc() && parsed.ptr == end && width > 0 && height > 0 && width <= largest && height <= largest,
      ErrorKind::Usage, "--frame-size {}: is not a size; give N or WIDTHxHEIGHT in pixels, up to {}", text, largest);
  config.frame_width = width;
  config.frame_height = height;
}

}  // namespace

bool FommModel::matches(const ModelFiles& files) {
  if (!files.weights) return false;
  return !files.weights->scope("generator").empty() || !files.weights->scope("kp_detector").empty();
}

PackedModel pack(const ModelFiles& files) {
  const Checkpoint& weights = *files.weights;
  const Config config = find_config(files);
  Networks(config).load(weights);
  PackedModel packed;
  for (const char* network : {"kp_detector", "generator"}) packed.scopes.emplace(network, weights.scope(network));
  packed.metadata["config"] = config.yaml;
  if (const auto align = weights.metadata().find("align_corners"); align != weights.metadata().end()) {
    packed.metadata["align_corners"] = align->second;
  }
  return packed;
}

std::shared_ptr<const Model> FommModel::load(const ModelFiles& files, const AnimateOptions& options) {
  const torch::Device device = parse_device(options.runtime.device);
  const bool half = options.runtime.half && device.is_cuda();
  if (options.runtime.half && !half) log::warn("--half works on CUDA only; running in float32 on the {}", device.str());
  Config config = find_config(files);
  if (const auto* own = dynamic_cast<const FommOptions*>(options.of("fomm"))) apply_frame_size(own->frame_size, config);
  config.check_frame_size(config.frame_height, config.frame_width);
  Networks networks(config);
  networks.load(*files.weights);
  networks.fold();
  if (device.is_cpu()) networks.use_fast_convolutions(nn::parse_conv_mode(options.runtime.conv));
  return std::make_shared<FommModel>(files.name, std::move(config), std::move(networks),
                                     choose_align(options, &*files.weights), device, half);
}

FommModel::FommModel(std::string name, Config config, Networks networks, AlignCorners align, torch::Device device,
                     bool half)
    : config_(std::move(config)),
      networks_(std::move(networks)),
      align_(align),
      device_(device),
      generator_type_(half ? torch::kHalf : torch::kFloat) {
  info_ = {"fomm", std::move(name), config_.frame_width, config_.frame_height, networks_.parameters()};
  networks_.detector->to(device_);
  networks_.generator->to(device_);
  if (half) {
    // Keypoints and the motion field stay in float: half has too few digits for coordinates.
    networks_.generator->to(torch::kHalf);
    if (!networks_.generator->dense_motion_network.is_empty()) {
      networks_.generator->dense_motion_network->to(torch::kFloat);
    }
  }
}

torch::Tensor FommModel::prepare(const torch::Tensor& image) const {
  const auto moved = image.to(device_);
  return config_.num_channels == 1 ? moved.mean(1, /*keepdim=*/true) : moved;
}

Keypoints FommModel::typed(const Motion& motion) const {
  return Keypoints::from_motion(motion, config_.num_kp, config_.estimate_jacobian, device_);
}

std::unique_ptr<const Source> FommModel::encode_source(const Crop& source) const {
  const c10::InferenceMode guard;
  auto kept = std::make_unique<FommSource>();
  const auto image = prepare(source.image);
  kept->keypoints = networks_.detector->forward(image);
  kept->encoded = networks_.generator->encode(image.to(generator_type_));
  if (!networks_.generator->dense_motion_network.is_empty()) {
    kept->encoded.small = networks_.generator->dense_motion_network->shrink(image);
    kept->encoded.features = kept->encoded.features.to(torch::kFloat);
  }
  return kept;
}

Motion FommModel::extract_motion(const Crop& driving) const {
  const c10::InferenceMode guard;
  return networks_.detector->forward(prepare(driving.image)).to_motion();
}

Keypoints FommModel::transferred(const Source& source, const Motion& driving, const Motion& reference,
                                 const MotionOptions& options) const {
  const TransferOptions transfer{options.relative, options.relative_jacobian, options.adapt_scale};
  return transfer_motion(typed_source(source).keypoints, typed(driving), typed(reference), transfer);
}

torch::Tensor FommModel::render(const Source& source, const Motion& driving, const Motion& reference,
                                const MotionOptions& options) const {
  const c10::InferenceMode guard;
  const FommSource& from = typed_source(source);
  auto& generator = *networks_.generator;
  auto features = from.encoded.features;
  DenseMotion motion;
  if (!generator.dense_motion_network.is_empty()) {
    const Keypoints applied = transferred(source, driving, reference, options);
    motion = generator.dense_motion_network->forward(from.encoded.small, applied, from.keypoints, align_);
    features = generator.warp_features(from.encoded, motion, align_);
  }
  const auto refined = generator.refine(features.to(generator_type_));
  const auto prediction = generator.decode(refined, from.encoded, motion, align_).to(torch::kFloat);
  return config_.num_channels == 1 ? prediction.expand({-1, 3, -1, -1}) : prediction;
}

double FommModel::pose_distance(const Source& source, const Motion& driving) const {
  const c10::InferenceMode guard;
  return fomm::pose_distance(typed_source(source).keypoints.value, typed(driving).value);
}

std::vector<Point> FommModel::keypoints(const Motion& motion) const { return to_points(typed(motion).value); }

std::vector<Point> FommModel::source_keypoints(const Source& source) const {
  return to_points(typed_source(source).keypoints.value);
}

std::vector<Point> FommModel::applied_keypoints(const Source& source, const Motion& driving, const Motion& reference,
                                                const MotionOptions& options) const {
  const c10::InferenceMode guard;
  return to_points(transferred(source, driving, reference, options).value);
}

}  // namespace animate::fomm
