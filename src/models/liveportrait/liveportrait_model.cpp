#include "models/liveportrait/liveportrait_model.h"

#include <c10/core/InferenceMode.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "core/device.h"
#include "models/liveportrait/transfer_options.h"
#include "motion/face_template.h"
#include "motion/motion_transfer.h"
#include "motion/rotation.h"

namespace animate::liveportrait {
namespace {

struct PortraitSource : Source {
  torch::Tensor appearance;
  FaceFrame face;
};

const PortraitSource& typed_source(const Source& source) { return static_cast<const PortraitSource&>(source); }

torch::Tensor to_rows(const Points3& points, torch::Device device) {
  auto rows = torch::empty({1, static_cast<int64_t>(points.size()), 3});
  float* data = rows.data_ptr<float>();
  for (const Point3& point : points) data = std::copy(point.begin(), point.end(), data);
  return rows.to(device);
}

std::vector<Point> to_points(const Points3& points) {
  std::vector<Point> flat;
  for (const Point3& point : points) flat.push_back({point[0], point[1]});
  return flat;
}

// A stored motion without canonical points (the original's old templates) still has a pose, which cannot be drawn.
std::vector<Point> drawable(const FaceMotion& motion) {
  return motion.canonical.empty() ? std::vector<Point>() : to_points(motion.keypoints());
}

}  // namespace

bool looks_broken(const torch::Tensor& frame) {
  constexpr double darkest = 0.5 / 255;
  return !torch::isfinite(frame).all().item<bool>() || frame.max().item<double>() < darkest;
}

bool LivePortraitModel::matches(const ModelFiles& files) {
  if (!files.weights) return files.parts.contains(kSpade);
  return !files.weights->scope(kSpade).empty() && !files.weights->scope(kMotion).empty();
}

std::shared_ptr<const Model> LivePortraitModel::load(const ModelFiles& files, const AnimateOptions& options) {
  const torch::Device device = parse_device(options.runtime.device);
  const bool half = options.runtime.half && device.is_cuda();
  if (options.runtime.half && !half) log::warn("--half works on CUDA only; running in float32 on the {}", device.str());
  const Config config = find_config(files);
  const nn::ConvMode conv = nn::parse_conv_mode(options.runtime.conv);
  const auto make = [files, config, device, conv] {
    Networks networks(config);
    networks.load(files);
    networks.fold();
    if (device.is_cpu()) networks.use_fast_convolutions(conv);
    return networks;
  };
  auto model = std::make_shared<LivePortraitModel>(files.name, config, make(), files.faces, device,
                                                   half ? torch::kHalf : torch::kFloat, make);
  model->transfer_ = transfer_options(options);
  return model;
}

LivePortraitModel::LivePortraitModel(std::string name, Config config, Networks networks, FaceModelFiles faces,
                                     torch::Device device, torch::ScalarType type, std::function<Networks()> reload)
    : config_(std::move(config)),
      networks_(std::move(networks)),
      faces_(std::move(faces)),
      device_(device),
      type_(type),
      reload_(std::move(reload)) {
  const int64_t multiple = int64_t{1} << config_.warping.dense_motion.num_blocks;
  check(config_.feature_side(kFrameSize) % multiple == 0, ErrorKind::Model,
        "the config's dense motion halves its map {} times, which the {}x{} feature map does not allow; correct the "
        "config",
        config_.warping.dense_motion.num_blocks, config_.feature_side(kFrameSize), config_.feature_side(kFrameSize));
  info_ = {"liveportrait", std::move(name), kFrameSize, kFrameSize, networks_.parameters()};
  networks_.to(device_);
  networks_.appearance->to(type_);
  networks_.warping->to(type_);
  networks_.spade->to(type_);
}

FaceMotion LivePortraitModel::motion_of(const torch::Tensor& crop) const {
  const c10::InferenceMode guard;
  return to_face_motion(networks_.motion->forward(crop.to(device_)));
}

torch::Tensor LivePortraitModel::appearance_of(const torch::Tensor& crop) const {
  const c10::InferenceMode guard;
  return networks_.appearance->forward(crop.to(device_, type_)).to(torch::kFloat);
}

torch::Tensor LivePortraitModel::paint_with(const Networks& networks, torch::ScalarType type,
                                            const torch::Tensor& appearance, const Points3& driving,
                                            const Points3& source) const {
  const auto warped =
      networks.warping->forward(appearance.to(type), to_rows(driving, device_), to_rows(source, device_));
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

torch::Tensor LivePortraitModel::paint(const torch::Tensor& appearance, const Points3& driving,
                                       const Points3& source) const {
  const c10::InferenceMode guard;
  auto frame = paint_with(networks_, type_, appearance, driving, source);
  if (type_ != torch::kFloat && reload_ && looks_broken(frame)) {
    frame = paint_with(full_precision(), torch::kFloat, appearance, driving, source);
  }
  return frame;
}

std::unique_ptr<const Source> LivePortraitModel::encode_source(const Crop& source) const {
  auto kept = std::make_unique<PortraitSource>();
  kept->appearance = appearance_of(source.image);
  kept->face.motion = motion_of(source.image);
  return kept;
}

Motion LivePortraitModel::extract_motion(const Crop& driving) const {
  return to_motion(FaceFrame{motion_of(driving.image), std::nullopt});
}

Points3 LivePortraitModel::applied(const Source& source, const Motion& driving, const Motion& reference,
                                   const MotionOptions& options) const {
  TransferOptions transfer = transfer_;
  transfer.relative = options.relative;
  const MotionTransfer moved(transfer, retargeter(), typed_source(source).face, {{to_face_frame(reference)}, true, 0});
  return moved.driving_keypoints(to_face_frame(driving));
}

torch::Tensor LivePortraitModel::render(const Source& source, const Motion& driving, const Motion& reference,
                                        const MotionOptions& options) const {
  const PortraitSource& from = typed_source(source);
  return paint(from.appearance, applied(source, driving, reference, options), from.face.motion.keypoints());
}

double LivePortraitModel::pose_distance(const Source& source, const Motion& driving) const {
  return angle_between(typed_source(source).face.motion.rotation, to_face_frame(driving).motion.rotation);
}

std::vector<Point> LivePortraitModel::keypoints(const Motion& motion) const {
  return drawable(to_face_frame(motion).motion);
}

std::vector<Point> LivePortraitModel::source_keypoints(const Source& source) const {
  return drawable(typed_source(source).face.motion);
}

std::vector<Point> LivePortraitModel::applied_keypoints(const Source& source, const Motion& driving,
                                                        const Motion& reference, const MotionOptions& options) const {
  return to_points(applied(source, driving, reference, options));
}

}  // namespace animate::liveportrait
