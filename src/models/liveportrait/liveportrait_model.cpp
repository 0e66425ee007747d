#include "models/liveportrait/liveportrait_model.h"

#include <c10/core/InferenceMode.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "models/liveportrait/transfer_options.h"
#include "motion/face_template.h"
#include "motion/motion_transfer.h"
#include "motion/rotation.h"

namespace animate::models::liveportrait {
namespace {

struct PortraitSource : Source {
  torch::Tensor appearance;
  motion::FaceFrame face;
};

const PortraitSource& typed_source(const Source& source) { return static_cast<const PortraitSource&>(source); }

// B lists of K points -> [B, K, 3]
torch::Tensor to_rows(std::span<const Points3> lists, torch::Device device) {
  auto rows = torch::empty({static_cast<int64_t>(lists.size()), static_cast<int64_t>(lists.front().size()), 3});
  float* data = rows.data_ptr<float>();
  for (const Points3& points : lists) {
    for (const Point3& point : points) data = std::copy(point.begin(), point.end(), data);
  }
  return core::sent_to(device, rows);
}

core::GraphedCall::Tensors list(const RawMotion& raw) {
  return {raw.pitch, raw.yaw, raw.roll, raw.t, raw.exp, raw.scale, raw.kp};
}
RawMotion raw_motion(const core::GraphedCall::Tensors& t) { return {t[0], t[1], t[2], t[3], t[4], t[5], t[6]}; }

std::vector<Point> to_points(const Points3& points) {
  std::vector<Point> flat;
  for (const Point3& point : points) flat.push_back({point[0], point[1]});
  return flat;
}

// A stored motion without canonical points (the original's old templates) still has a pose, which cannot be drawn.
std::vector<Point> drawable(const motion::FaceMotion& motion) {
  return motion.canonical.empty() ? std::vector<Point>() : to_points(motion.keypoints());
}

}  // namespace

std::vector<bool> broken_frames(const torch::Tensor& frames) {
  constexpr double darkest = 0.5 / 255;
  const auto levels = frames.flatten(1);
  const auto broken = (torch::isfinite(levels).all(1).logical_not() | (levels.amax(1) < darkest)).to(torch::kCPU);
  std::vector<bool> list;
  for (int64_t i = 0; i < broken.size(0); ++i) list.push_back(broken[i].item<bool>());
  return list;
}

bool LivePortraitModel::matches(const ModelFiles& files) {
  if (!files.weights) return files.parts.contains(kSpade);
  return !files.weights->scope(kSpade).empty() && !files.weights->scope(kMotion).empty();
}

std::shared_ptr<const LivePortraitModel> LivePortraitModel::load(const ModelFiles& files,
                                                                 const AnimateOptions& options) {
  const torch::Device device = core::choose_device(options.runtime.device);
  core::WarmUp waking;  // while the weights are read
  if (device.is_cuda()) waking.start([device] { core::wake_device(device); });
  const core::Precision precision = core::choose_precision(catalog::chosen_precision(options.runtime), device);
  core::apply_precision(precision, device);
  const Config config = find_config(files);
  const core::nn::ConvMode conv = options.runtime.conv;
  const auto make = [files, config, device, conv] {
    Networks networks(config);
    networks.load(files);
    networks.fold();
    if (device.is_cpu()) networks.use_fast_convolutions(conv);
    return networks;
  };
  auto model = std::make_shared<LivePortraitModel>(
      files.name, config, make(), files.faces, device, precision, make,
      device.is_cuda() ? core::cuda::graph_recorder() : core::cuda::GraphRecorder());
  model->transfer_ = transfer_options(options);
  if (device.is_cuda()) {
    model->warm_up_.start(
        [&model = *model, batch = catalog::batch_size(options.runtime, true)] { model.warm_up(batch); });
  }
  return model;
}

LivePortraitModel::LivePortraitModel(std::string name, Config config, Networks networks, catalog::FaceModelFiles faces,
                                     torch::Device device, const core::Precision& precision,
                                     std::function<Networks()> reload, const core::cuda::GraphRecorder& recorder)
    : config_(std::move(config)),
      networks_(std::move(networks)),
      faces_(std::move(faces)),
      device_(device),
      precision_(precision),
      reload_(std::move(reload)),
      extract_(
          "motion extractor", [this](const auto& crops) { return list(networks_.motion->forward(crops.front())); },
          recorder),
      paint_(
          "warping and painting networks",
          [this](const auto& inputs) -> core::GraphedCall::Tensors {
            return {paint_with(networks_, precision_.type, inputs)};
          },
          recorder) {
  const int64_t multiple = int64_t{1} << config_.warping.dense_motion.num_blocks;
  check(config_.feature_side(kFrameSize) % multiple == 0, ErrorKind::Model,
        "the config's dense motion halves its map {} times, which the {}x{} feature map does not allow; correct the "
        "config",
        config_.warping.dense_motion.num_blocks, config_.feature_side(kFrameSize), config_.feature_side(kFrameSize));
  info_ = {"liveportrait", std::move(name), kFrameSize, kFrameSize, networks_.parameters()};
  networks_.to(device_);
  networks_.appearance->to(precision_.type);
  networks_.warping->to(precision_.type);
  networks_.spade->to(precision_.type);
  core::use_layout(*networks_.spade, precision_);
}

void LivePortraitModel::warm_up(int64_t batch) const {
  const auto blank = torch::full({batch, 3, kFrameSize, kFrameSize}, 0.5);
  for (int i = 0; i <= core::GraphedCall::kWarmUps; ++i) {
    std::vector<Points3> points;
    for (const motion::FaceMotion& motion : motions_of(blank)) points.push_back(motion.keypoints());
    const auto rows = to_rows(points, device_);
    const c10::InferenceMode guard;
    // Not paint_batch(): a blank frame may well come out black, which must not be taken for broken.
    paint_({appearance_of(blank.narrow(0, 0, 1)), rows, rows});
  }
}

std::vector<motion::FaceMotion> LivePortraitModel::motions_of(const torch::Tensor& crops) const {
  std::vector<motion::FaceMotion> motions;
  warm_up_.wait();
  const c10::InferenceMode guard;
  limit_.run(crops.size(0), kFrameSize, kFrameSize, [&](int64_t first, int64_t count) {
    auto found = extract_({crops.narrow(0, first, count).to(device_)});
    for (torch::Tensor& tensor : found) tensor = tensor.to(torch::kCPU);
    const RawMotion raw = raw_motion(found);
    for (int64_t i = 0; i < count; ++i) motions.push_back(to_face_motion(raw, i));
  });
  return motions;
}

motion::FaceMotion LivePortraitModel::motion_of(const torch::Tensor& crop) const { return motions_of(crop).front(); }

torch::Tensor LivePortraitModel::appearance_of(const torch::Tensor& crops) const {
  warm_up_.wait();
  const c10::InferenceMode guard;
  std::vector<torch::Tensor> volumes;
  limit_.run(crops.size(0), kFrameSize, kFrameSize, [&](int64_t first, int64_t count) {
    const auto some = crops.narrow(0, first, count).to(device_, precision_.type);
    volumes.push_back(networks_.appearance->forward(some).to(torch::kFloat));
  });
  return volumes.size() == 1 ? volumes.front() : torch::cat(volumes);
}

torch::Tensor LivePortraitModel::paint_with(const Networks& networks, torch::ScalarType type,
                                            const core::GraphedCall::Tensors& inputs) {
  const auto& appearance = inputs[0];
  const auto& driving = inputs[1];
  // One appearance stands for all frames; nothing is copied.
  const auto volume =
      appearance.size(0) == driving.size(0) ? appearance : appearance.expand({driving.size(0), -1, -1, -1, -1});
  const auto warped = networks.warping->forward(volume.to(type), driving, inputs[2]);
  return networks.spade->forward(warped.feature_map.to(type)).to(torch::kFloat);
}

const Networks& LivePortraitModel::full_precision() const {
  std::call_once(reloaded_once_, [this] {
    log::warn("half precision gave a broken frame; such frames are painted again in float32");
    reloaded_ = std::make_unique<Networks>(reload_());
    reloaded_->to(device_);
  });
  return *reloaded_;
}

void LivePortraitModel::repaint_broken(torch::Tensor& frames, const core::GraphedCall::Tensors& inputs) const {
  const auto broken = broken_frames(frames);
  for (size_t i = 0; i < broken.size(); ++i) {
    if (!broken[i]) continue;
    const auto item = static_cast<int64_t>(i);
    const auto one = [item](const torch::Tensor& list) { return list.size(0) == 1 ? list : list.narrow(0, item, 1); };
    const auto frame = paint_with(full_precision(), torch::kFloat, {one(inputs[0]), one(inputs[1]), one(inputs[2])});
    frames.narrow(0, item, 1).copy_(frame);
  }
}

torch::Tensor LivePortraitModel::paint_batch(const torch::Tensor& appearance, std::span<const Points3> driving,
                                             std::span<const Points3> source) const {
  warm_up_.wait();
  const c10::InferenceMode guard;
  std::vector<torch::Tensor> painted;
  limit_.run(std::ssize(driving), kFrameSize, kFrameSize, [&](int64_t first, int64_t count) {
    // One appearance, or one set of source points, may stand for all frames.
    const auto some = [&](std::span<const Points3> list) {
      return list.size() == 1 ? list : list.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    };
    const core::GraphedCall::Tensors inputs{appearance.size(0) == 1 ? appearance : appearance.narrow(0, first, count),
                                            to_rows(some(driving), device_), to_rows(some(source), device_)};
    auto frames = paint_(inputs).front();
    if (precision_.type != torch::kFloat && reload_) repaint_broken(frames, inputs);
    painted.push_back(frames);
  });
  return painted.size() == 1 ? painted.front() : torch::cat(painted);
}

torch::Tensor LivePortraitModel::paint(const torch::Tensor& appearance, const Points3& driving,
                                       const Points3& source) const {
  return paint_batch(appearance, {&driving, 1}, {&source, 1});
}

std::unique_ptr<const Source> LivePortraitModel::encode_source(const Crop& source) const {
  auto kept = std::make_unique<PortraitSource>();
  kept->appearance = appearance_of(source.image);
  kept->face.motion = motion_of(source.image);
  return kept;
}

motion::Motion LivePortraitModel::extract_motion(const Crop& driving) const {
  return motion::to_motion(motion::FaceFrame{motion_of(driving.image), std::nullopt});
}

std::vector<motion::Motion> LivePortraitModel::extract_motions(const Crop& driving) const {
  std::vector<motion::Motion> motions;
  for (motion::FaceMotion& motion : motions_of(driving.image))
    motions.push_back(motion::to_motion({std::move(motion), std::nullopt}));
  return motions;
}

Points3 LivePortraitModel::applied(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                                   const MotionOptions& options) const {
  motion::TransferOptions transfer = transfer_;
  transfer.relative = options.relative;
  const motion::MotionTransfer moved(transfer, retargeter(), typed_source(source).face,
                                     {{motion::to_face_frame(reference)}, true, 0});
  return moved.driving_keypoints(motion::to_face_frame(driving));
}

torch::Tensor LivePortraitModel::render(const Source& source, const motion::Motion& driving,
                                        const motion::Motion& reference, const MotionOptions& options) const {
  const PortraitSource& from = typed_source(source);
  return paint(from.appearance, applied(source, driving, reference, options), from.face.motion.keypoints());
}

torch::Tensor LivePortraitModel::render_batch(const Source& source, std::span<const motion::Motion> driving,
                                              const motion::Motion& reference, const MotionOptions& options) const {
  const PortraitSource& from = typed_source(source);
  std::vector<Points3> moved;
  for (const motion::Motion& motion : driving) moved.push_back(applied(source, motion, reference, options));
  const std::vector<Points3> own(moved.size(), from.face.motion.keypoints());
  return paint_batch(from.appearance, moved, own);
}

double LivePortraitModel::pose_distance(const Source& source, const motion::Motion& driving) const {
  return motion::angle_between(typed_source(source).face.motion.rotation,
                               motion::to_face_frame(driving).motion.rotation);
}

std::vector<Point> LivePortraitModel::keypoints(const motion::Motion& motion) const {
  return drawable(motion::to_face_frame(motion).motion);
}

std::vector<Point> LivePortraitModel::source_keypoints(const Source& source) const {
  return drawable(typed_source(source).face.motion);
}

std::vector<Point> LivePortraitModel::applied_keypoints(const Source& source, const motion::Motion& driving,
                                                        const motion::Motion& reference,
                                                        const MotionOptions& options) const {
  return to_points(applied(source, driving, reference, options));
}

}  // namespace animate::models::liveportrait
