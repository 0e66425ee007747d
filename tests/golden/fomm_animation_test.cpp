// The demo, end to end: 8-bit pictures in, 8-bit frames out, through the DrivenModel interface that the program uses.
#include "core/float_array.h"
#include "core/tensor_image.h"
#include "models/fomm/fomm_model.h"
#include "support/catch.h"
#include "support/golden.h"
#include "support/skip.h"

using namespace animate::core;
using namespace animate::checkpoint;
using namespace animate::motion;
using namespace animate::models;
using namespace animate;

namespace {

Image to_picture(const torch::Tensor& pixels) {
  const auto p = pixels.contiguous();
  Image image(static_cast<int>(p.size(1)), static_cast<int>(p.size(0)));
  std::memcpy(image.data(), p.data_ptr<uint8_t>(), image.size_bytes());
  return image;
}

// [1, 3, H, W] -> [H, W, 3], the layout of this case.
torch::Tensor channels_last(const torch::Tensor& image) { return image[0].permute({1, 2, 0}); }

torch::Tensor bytes_of(const Image& image) {
  auto tensor = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
  std::memcpy(tensor.data_ptr<uint8_t>(), image.data(), image.size_bytes());
  return tensor;
}

class Demo {
 public:
  Demo(test::GoldenCase& golden, AlignCorners align) : golden_(golden) {
    auto config = fomm::Config::load(golden.config());
    fomm::Networks networks(config);
    networks.load(Checkpoint::open(golden.checkpoints().front()));
    networks.fold();
    model_ = std::make_shared<fomm::FommModel>("golden", config, networks, align, torch::kCPU, false);
    // Our own reader puts alpha over a background before the resize; dropping it first gives the same colours here.
    const auto rgba = golden.input("source_rgba_u8");
    const auto source = resized(to_picture(rgba.slice(2, 0, 3)));
    golden.compare("source", channels_last(source));
    source_ = model_->encode_source({source});
    for (const auto& frame : golden.input("driving_u8").unbind(0)) {
      driving_.push_back(resized(to_picture(frame)));
      motions_.push_back(model_->extract_motion({driving_.back()}));
    }
    golden.compare("driving", torch::stack({channels_last(driving_[1]), channels_last(driving_[2])}));
    golden.compare("kp_driving/value", stack("value"));
    golden.compare("kp_driving/jacobian", stack("jacobian"));
  }

  void animate(const std::string& prefix, const std::string& name, size_t reference, const MotionOptions& options) {
    std::vector<torch::Tensor> predictions;
    std::vector<torch::Tensor> frames;
    std::vector<torch::Tensor> strip;
    for (const Motion& motion : motions_) {
      const auto prediction = model_->render(*source_, motion, motions_[reference], options);
      predictions.push_back(channels_last(prediction));
      frames.push_back(bytes_of(to_image(prediction)));
      strip.push_back(bytes_of(to_image(prediction, Rounding::Truncate)));
    }
    auto stacked = torch::stack(predictions);
    const std::string prediction_key = prefix + name + "/prediction";
    if (golden_.has("expect/" + prediction_key) && golden_.tensor("expect/" + prediction_key).size(0) == 1) {
      stacked = stacked.slice(0, 2, 3);  // align1 stores frame 2 only
    }
    golden_.compare(prediction_key, stacked);
    golden_.compare(prefix + name + "/frames_u8", torch::stack(frames));
    if (name == "rel1_adapt0") golden_.compare(prefix + "animate_strip_u8", torch::cat(strip, 1));
  }

  // kp_norm: driving keypoints as they are applied, relative to the first frame.
  void compare_normalised(const std::string& name, const fomm::TransferOptions& options) {
    const fomm::Keypoints source = detect_source();
    std::vector<torch::Tensor> values;
    std::vector<torch::Tensor> jacobians;
    for (const Motion& motion : motions_) {
      const auto moved = fomm::transfer_motion(source, keypoints(motion), keypoints(motions_[0]), options);
      values.push_back(moved.value);
      jacobians.push_back(moved.jacobian);
    }
    golden_.compare(name + "/kp_norm/value", torch::cat(values));
    golden_.compare(name + "/kp_norm/jacobian", torch::cat(jacobians));
  }

  // The paper's protocol: the clip's own first frame is the source, absolute motion.
  void reconstruct(const std::string& prefix) {
    const auto source = model_->encode_source({driving_[0]});
    MotionOptions options;
    options.relative = false;
    double sum = 0;
    for (size_t i = 0; i < motions_.size(); ++i) {
      const auto prediction = model_->render(*source, motions_[i], motions_[0], options);
      sum += (prediction - driving_[i]).abs().mean().item<double>();
    }
    golden_.compare(prefix + "reconstruction_l1",
                    torch::tensor(sum / static_cast<double>(motions_.size()), torch::kFloat64));
  }

 private:
  static fomm::Keypoints keypoints(const Motion& motion) {
    return {to_tensor(motion.arrays.at("value")), to_tensor(motion.arrays.at("jacobian"))};
  }

  // To the size that this case was made at.
  torch::Tensor resized(const Image& image) const {
    const auto expected = golden_.tensor("expect/source");
    return to_tensor(image, expected.size(0), expected.size(1));
  }

  fomm::Keypoints detect_source() const {
    const auto rgba = golden_.input("source_rgba_u8");
    return keypoints(model_->extract_motion({resized(to_picture(rgba.slice(2, 0, 3)))}));
  }

  torch::Tensor stack(const std::string& name) const {
    std::vector<torch::Tensor> rows;
    for (const Motion& motion : motions_) rows.push_back(to_tensor(motion.arrays.at(name)));
    return torch::cat(rows);
  }

  test::GoldenCase& golden_;
  std::shared_ptr<const DrivenModel> model_;
  std::unique_ptr<const Source> source_;
  std::vector<torch::Tensor> driving_;
  std::vector<Motion> motions_;
};

MotionOptions motion_options(bool relative, bool adapt) {
  MotionOptions options;
  options.relative = relative;
  options.adapt_scale = adapt;
  return options;
}

}  // namespace

TEST_CASE("the demo gives the original's frames", "[optional]") {
  const auto root = test::fixtures_root() / "fomm";
  const auto index = test::read_json(root / "index.json");
  if (test::golden_cases(index, root, "animation").empty())
    return test::skip("fomm/cases/animation is not in $ANIMATE_FIXTURES");
  test::GoldenCase golden(root, "animation", index);
  for (const auto& [align, prefix] :
       {std::pair(AlignCorners::Off, "align0/"), std::pair(AlignCorners::On, "align1/")}) {
    Demo demo(golden, align);
    demo.animate(prefix, "rel1_adapt1", 0, motion_options(true, true));
    demo.animate(prefix, "rel1_adapt0", 0, motion_options(true, false));
    demo.animate(prefix, "rel0_adapt0", 0, motion_options(false, false));
    demo.animate(prefix, "best_frame2_rel1_adapt1", 2, motion_options(true, true));
    demo.compare_normalised("rel1_adapt1", {true, true, true});
    demo.compare_normalised("rel1_adapt0", {true, true, false});
    demo.compare_normalised("rel0_adapt0", {false, false, false});
    demo.reconstruct(prefix);
  }
  golden.require_all_compared();
}
