#include "models/fomm/fomm_model.h"

#include <c10/core/InferenceMode.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"

namespace animate::models::fomm {
namespace {

struct FommSource : Source {
  EncodedSource encoded;
  Keypoints keypoints;
};

// A source and the poses to paint it in, as a list of tensors and back. Undefined tensors stand for what the model does
// without.
struct Scene {
  EncodedSource encoded;
  Keypoints source, driving;

  core::GraphedCall::Tensors list() const {
    core::GraphedCall::Tensors tensors{encoded.features, encoded.small, source.value,
                                       source.jacobian,  driving.value, driving.jacobian};
    tensors.insert(tensors.end(), encoded.finer.begin(), encoded.finer.end());
    return tensors;
  }
  static Scene of(const core::GraphedCall::Tensors& t) {
    return {{t[0], t[1], {t.begin() + 6, t.end()}}, {t[2], t[3]}, {t[4], t[5]}};
  }
};

const FommSource& typed_source(const Source& source) { return static_cast<const FommSource&>(source); }

std::vector<Point> to_points(const torch::Tensor& value) {
  const auto flat = value[0].to(torch::kCPU, torch::kFloat64).contiguous();
  const auto* data = flat.data_ptr<double>();
  std::vector<Point> points;
  for (int64_t i = 0; i < flat.size(0); ++i) points.push_back({data[2 * i], data[2 * i + 1]});
  return points;
}

core::AlignCorners choose_align(Switch asked, const checkpoint::Checkpoint* weights) {
  if (asked != Switch::Auto) return asked == Switch::On ? core::AlignCorners::On : core::AlignCorners::Off;
  if (weights == nullptr) return core::AlignCorners::Off;
  const auto stored = weights->metadata().find("align_corners");
  return stored != weights->metadata().end() && stored->second == "on" ? core::AlignCorners::On
                                                                       : core::AlignCorners::Off;
}

}  // namespace

bool FommModel::matches(const ModelFiles& files) {
  if (!files.weights) return false;
  return !files.weights->scope("generator").empty() || !files.weights->scope("kp_detector").empty();
}

PackedModel pack(const ModelFiles& files) {
  const checkpoint::Checkpoint& weights = *files.weights;
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

std::shared_ptr<const DrivenModel> FommModel::load(const ModelFiles& files, const AnimateOptions& options) {
  const torch::Device device = core::choose_device(options.runtime.device);
  core::WarmUp waking;  // while the weights are read
  if (device.is_cuda()) waking.start([device] { core::wake_device(device); });
  const core::Precision precision = core::choose_precision(catalog::chosen_precision(options.runtime), device);
  core::apply_precision(precision, device);
  Config config = find_config(files);
  if (const auto& size = options.fomm.frame_size) {
    config.frame_width = size->width;
    config.frame_height = size->height;
  }
  config.check_frame_size(config.frame_height, config.frame_width);
  const core::AlignCorners align = choose_align(options.fomm.align_corners, &*files.weights);
  check(align == core::AlignCorners::Off || config.grid == core::GridEnds::PixelCentres, ErrorKind::Usage,
        "--align-corners on: {} counts motion between the picture's edges ('grid: edges' in its config), where corners "
        "are not aligned; leave the flag out",
        files.name);
  Networks networks(config);
  networks.load(*files.weights);
  networks.fold();
  if (device.is_cpu()) networks.use_fast_convolutions(options.runtime.conv);
  auto model =
      std::make_shared<FommModel>(files.name, std::move(config), std::move(networks), align, device, precision,
                                  device.is_cuda() ? core::cuda::graph_recorder() : core::cuda::GraphRecorder());
  if (device.is_cuda()) {
    model->warm_up_.start(
        [&model = *model, batch = catalog::batch_size(options.runtime, true)] { model.warm_up(batch); });
  }
  return model;
}

FommModel::FommModel(std::string name, Config config, Networks networks, core::AlignCorners align, torch::Device device,
                     const core::Precision& precision, const core::cuda::GraphRecorder& recorder)
    : config_(std::move(config)),
      networks_(std::move(networks)),
      align_(align),
      device_(device),
      precision_(precision),
      detect_(
          "keypoint detector", [this](const auto& image) { return detect(image); }, recorder),
      paint_(
          "generator", [this](const auto& inputs) { return paint(inputs); }, recorder) {
  info_ = {"fomm", std::move(name), config_.frame_width, config_.frame_height, networks_.parameters()};
  if (config_.head_keypoints) info_.head_points = config_.num_kp;
  networks_.detector->to(device_);
  networks_.generator->to(device_);
  auto& generator = *networks_.generator;
  if (precision_.type != torch::kFloat) {
    generator.to(precision_.type);
    // Keypoints and the motion field stay in float: half has too few digits for coordinates.
    if (!generator.dense_motion_network.is_empty()) generator.dense_motion_network->to(torch::kFloat);
  }
  for (torch::nn::Module* part : std::to_array<torch::nn::Module*>(
           {generator.first.get(), generator.down_blocks.get(), generator.bottleneck.get(), generator.up_blocks.get(),
            generator.final.get()})) {
    core::use_layout(*part, precision_);
  }
}

torch::Tensor FommModel::prepare(const torch::Tensor& image) const {
  const auto moved = image.to(device_);
  return config_.num_channels == 1 ? moved.mean(1, /*keepdim=*/true) : moved;
}

Keypoints FommModel::typed(std::span<const motion::Motion> motions) const {
  return Keypoints::from_motions(motions, config_.num_kp, config_.estimate_jacobian, device_);
}

void FommModel::warm_up(int64_t batch) const {
  const Crop blank{torch::full({batch, 3, config_.frame_height, config_.frame_width}, 0.5)};
  const auto source = encode_source({blank.image.narrow(0, 0, 1)});
  for (int i = 0; i <= core::GraphedCall::kWarmUps; ++i) {
    const auto motions = extract_motions(blank);
    render_batch(*source, motions, motions.front(), {});
  }
}

std::unique_ptr<const Source> FommModel::encode_source(const Crop& source) const {
  warm_up_.wait();
  const c10::InferenceMode guard;
  auto kept = std::make_unique<FommSource>();
  const auto image = prepare(source.image);
  kept->keypoints = networks_.detector->forward(image);
  kept->encoded = networks_.generator->encode(image.to(precision_.type));
  if (!networks_.generator->dense_motion_network.is_empty()) {
    kept->encoded.small = networks_.generator->dense_motion_network->shrink(image);
    kept->encoded.features = kept->encoded.features.to(torch::kFloat);
  }
  return kept;
}

core::GraphedCall::Tensors FommModel::detect(const core::GraphedCall::Tensors& image) const {
  const Keypoints found = networks_.detector->forward(image.front());
  return {found.value, found.jacobian};
}

std::vector<motion::Motion> FommModel::extract_motions(const Crop& driving) const {
  warm_up_.wait();
  const c10::InferenceMode guard;
  std::vector<motion::Motion> motions;
  limit_.run(driving.image.size(0), info_.frame_width, info_.frame_height, [&](int64_t first, int64_t count) {
    const auto found = detect_({prepare(driving.image.narrow(0, first, count))});
    for (motion::Motion& motion : Keypoints{found[0], found[1]}.to_motions()) motions.push_back(std::move(motion));
  });
  return motions;
}

motion::Motion FommModel::extract_motion(const Crop& driving) const {
  return std::move(extract_motions(driving).front());
}

Keypoints FommModel::transferred(const Source& source, std::span<const motion::Motion> driving,
                                 const motion::Motion& reference, const MotionOptions& options) const {
  const TransferOptions transfer{options.relative, options.relative_jacobian, options.adapt_scale};
  return transfer_motion(typed_source(source).keypoints, typed(driving), typed({&reference, 1}), transfer);
}

core::GraphedCall::Tensors FommModel::paint(const core::GraphedCall::Tensors& inputs) const {
  const Scene scene = Scene::of(inputs);
  auto& generator = *networks_.generator;
  auto features = scene.encoded.features;
  DenseMotion motion;
  if (!generator.dense_motion_network.is_empty()) {
    motion = generator.dense_motion_network->forward(scene.encoded.small, scene.driving, scene.source, align_);
    features = generator.warp_features(scene.encoded, motion, align_);
  }
  const auto refined = generator.refine(features.to(precision_.type));
  const auto prediction = generator.decode(refined, scene.encoded, motion, align_).to(torch::kFloat);
  return {config_.num_channels == 1 ? prediction.expand({-1, 3, -1, -1}) : prediction};
}

torch::Tensor FommModel::render_batch(const Source& source, std::span<const motion::Motion> driving,
                                      const motion::Motion& reference, const MotionOptions& options) const {
  warm_up_.wait();
  const c10::InferenceMode guard;
  const FommSource& from = typed_source(source);
  std::vector<torch::Tensor> frames;
  limit_.run(std::ssize(driving), info_.frame_width, info_.frame_height, [&](int64_t first, int64_t count) {
    Scene scene{from.encoded, from.keypoints, {}};
    if (!networks_.generator->dense_motion_network.is_empty()) {
      const auto now = driving.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
      scene.driving = transferred(source, now, reference, options);
    }
    const auto painted = paint_(scene.list()).front();
    // Without a motion network every frame is the same.
    frames.push_back(painted.size(0) == count ? painted : painted.expand({count, -1, -1, -1}));
  });
  return frames.size() == 1 ? frames.front() : torch::cat(frames);
}

torch::Tensor FommModel::render(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                                const MotionOptions& options) const {
  return render_batch(source, {&driving, 1}, reference, options);
}

double FommModel::pose_distance(const Source& source, const motion::Motion& driving) const {
  const c10::InferenceMode guard;
  return fomm::pose_distance(typed_source(source).keypoints.value, typed({&driving, 1}).value);
}

std::vector<Point> FommModel::keypoints(const motion::Motion& motion) const {
  return to_points(typed({&motion, 1}).value);
}

std::vector<Point> FommModel::source_keypoints(const Source& source) const {
  return to_points(typed_source(source).keypoints.value);
}

std::vector<Point> FommModel::applied_keypoints(const Source& source, const motion::Motion& driving,
                                                const motion::Motion& reference, const MotionOptions& options) const {
  const c10::InferenceMode guard;
  return to_points(transferred(source, {&driving, 1}, reference, options).value);
}

}  // namespace animate::models::fomm
