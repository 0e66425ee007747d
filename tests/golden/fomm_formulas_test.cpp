// The formulas around the networks against the original's numbers.
#include <torch/nn/functional.h>

#include "base/colormap.h"
#include "base/error.h"
#include "core/convex_hull.h"
#include "core/nn/anti_alias_interpolation_2d.h"
#include "core/nn/batch_norm_2d.h"
#include "core/resize.h"
#include "core/tensor_image.h"
#include "core/visualizer.h"
#include "models/fomm/config.h"
#include "models/fomm/keypoints.h"
#include "support/catch.h"
#include "support/golden.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate;
using fomm::Keypoints;

namespace {

Keypoints input_keypoints(const test::GoldenCase& golden, const std::string& name) {
  return {golden.input(name + "/value"), golden.input(name + "/jacobian")};
}

// "s0p25" -> 0.25
double scale_of(std::string text) {
  text.replace(text.find('p'), 1, ".");
  return std::stod(text.substr(1));
}

torch::Tensor resize(const torch::Tensor& pixels, int64_t height, int64_t width) {
  const auto p = pixels.contiguous();
  const auto floats = resize_smooth({p.data_ptr<uint8_t>(), static_cast<size_t>(p.numel())},
                                    static_cast<int>(p.size(0)), static_cast<int>(p.size(1)),
                                    static_cast<int>(p.size(2)), static_cast<int>(height), static_cast<int>(width));
  // Alpha is dropped after the resize, as the original does.
  return torch::tensor(floats).view({height, width, p.size(2)}).slice(2, 0, 3).contiguous();
}

}  // namespace

TEST_CASE("anti-aliased down-sampling agrees with the original") {
  auto golden = test::fomm_case("antialias");
  for (const std::string& key : golden.keys("expect/down/")) {
    const std::string scale = key.substr(12, key.rfind('/') - 12);
    const std::string input = key.substr(key.rfind('/') + 1);
    const auto image = golden.input(input);
    nn::AntiAliasInterpolation2d down(image.size(1), scale_of(scale));
    golden.compare("down/" + scale + "/" + input, down->forward(image));
    golden.compare("weight/" + scale + "/c" + std::to_string(image.size(1)), down->weight);
  }
  golden.require_all_compared();
}

TEST_CASE("batch normalisation agrees with the original in eval and training mode") {
  auto golden = test::fomm_case("batchnorm");
  const auto x = golden.input("x");
  for (const bool training : {false, true}) {
    nn::BatchNorm2d norm(x.size(1));
    {
      const torch::NoGradGuard no_grad;
      norm->weight.copy_(golden.input("weight"));
      norm->bias.copy_(golden.input("bias"));
      norm->running_mean.copy_(golden.input("running_mean"));
      norm->running_var.copy_(golden.input("running_var"));
      // The stored counter is part of no input: it must come out of either mode as it went in.
      norm->num_batches_tracked.copy_(golden.tensor("expect/eval/num_batches_tracked"));
    }
    norm->train(training);
    const std::string prefix = training ? "train/" : "eval/";
    golden.compare(prefix + "y", norm->forward(x));
    golden.compare(prefix + "running_mean", norm->running_mean);
    golden.compare(prefix + "running_var", norm->running_var);
    golden.compare(prefix + "num_batches_tracked", norm->num_batches_tracked);
  }
  golden.require_all_compared();
}

TEST_CASE("folding a batch normalisation changes a convolution's result by rounding only") {
  torch::manual_seed(7);
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(5, 70, 3).padding(1));
  nn::BatchNorm2d norm(70);
  const torch::NoGradGuard no_grad;
  norm->weight.uniform_(0.5, 2);
  norm->bias.uniform_(-1, 1);
  norm->running_mean.uniform_(-1, 1);
  norm->running_var.uniform_(0.1, 3);
  norm->eval();
  const auto x = torch::randn({2, 5, 9, 7});
  const auto expected = norm->forward(conv->forward(x));
  nn::fold_into(*conv, *norm);
  CHECK((conv->forward(x) - expected).abs().max().item<double>() < 1e-5);
}

TEST_CASE("normalisation of driving keypoints agrees with the original for every combination of flags") {
  auto golden = test::fomm_case("normalize_kp");
  const auto source = input_keypoints(golden, "kp_source");
  const auto driving = input_keypoints(golden, "kp_driving");
  const auto initial = input_keypoints(golden, "kp_driving_initial");
  const auto area = [](const torch::Tensor& value) {
    const auto flat = value[0].to(torch::kFloat64).contiguous();
    std::vector<Point> points;
    for (int64_t i = 0; i < flat.size(0); ++i) {
      points.push_back({flat[i][0].item<double>(), flat[i][1].item<double>()});
    }
    return torch::tensor(convex_hull_area(points), torch::kFloat64);
  };
  golden.compare("hull_area/source", area(source.value));
  golden.compare("hull_area/driving_initial", area(initial.value));
  golden.compare("movement_scale", torch::tensor(fomm::movement_scale(source, initial), torch::kFloat64));
  for (int flags = 0; flags < 8; ++flags) {
    const bool relative = (flags & 4) != 0;
    const bool jacobian = (flags & 2) != 0;
    const bool adapt = (flags & 1) != 0;
    const auto result = fomm::transfer_motion(source, driving, initial, {relative, jacobian, adapt});
    const std::string key = fmt::format("rel{:d}_jac{:d}_adapt{:d}", relative, jacobian, adapt);
    golden.compare(key + "/value", result.value);
    golden.compare(key + "/jacobian", result.jacobian);
    const auto plain = fomm::transfer_motion({source.value, {}}, {driving.value, {}}, {initial.value, {}},
                                             {relative, jacobian, adapt});
    golden.compare("nojacobian_" + key + "/value", plain.value);
  }
  golden.require_all_compared();
}

TEST_CASE("the picture resize agrees with scikit-image") {
  auto golden = test::fomm_case("resize");
  for (const std::string& key : golden.keys("input/")) {
    const std::string name = key.substr(6);
    if (name == "levels") continue;
    for (const std::string& expected : golden.keys("expect/" + name)) {
      const auto shape = golden.tensor(expected).sizes().vec();
      golden.compare(expected.substr(7), resize(golden.tensor(key), shape[0], shape[1]));
    }
  }
  // Float to byte: rounded half to even for video, truncated for picture strips (models/fomm/README.md#rounding).
  const auto levels = golden.input("levels").view({1, 1, 1, -1}).expand({1, 3, 1, -1}).contiguous();
  for (const auto& [rounding, name] :
       {std::pair(Rounding::HalfEven, "levels_img_as_ubyte"), std::pair(Rounding::Truncate, "levels_truncated")}) {
    const Image image = to_image(levels, rounding);
    std::vector<uint8_t> bytes;
    for (int x = 0; x < image.width(); ++x) bytes.push_back(image.row(0)[3 * x]);
    golden.compare(name, torch::tensor(bytes, torch::kUInt8));
  }
  golden.require_all_compared();
}

TEST_CASE("the best frame by face landmarks is the original's") {
  auto golden = test::fomm_case("best_frame");
  const auto source = golden.input("landmarks_source").unsqueeze(0);
  const auto driving = golden.input("landmarks_driving");
  int64_t best = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < driving.size(0); ++i) {
    const double distance = fomm::pose_distance(source, driving.narrow(0, i, 1));
    if (distance < smallest) {
      smallest = distance;
      best = i;
    }
  }
  golden.compare("best_frame", torch::tensor(best));
  golden.require_all_compared();
}

TEST_CASE("the visualiser's sheets are the original's") {
  auto golden = test::fomm_case("visualizer");
  std::vector<float> table;
  for (int i = 0; i < 256; ++i) {
    for (const double level : gist_rainbow(i / 256.0)) table.push_back(static_cast<float>(level));
  }
  golden.compare("colormap_table", torch::tensor(table).view({256, 3}));

  const auto config = fomm::Config::load(golden.config());
  const VisualizerOptions options{static_cast<double>(config.kp_size), config.draw_border};
  VisualizerInput input;
  input.source = golden.input("source");
  input.source_keypoints = golden.input("kp_source/value");
  input.driving = golden.input("driving");
  input.driving_keypoints = golden.input("kp_driving/value");
  input.deformed = golden.input("deformed");
  input.prediction = golden.input("prediction");
  input.occlusion_map = golden.input("occlusion_map");
  golden.compare("reconstruction_panel", visualize(input, options));
  VisualizerInput animated = input;
  animated.applied_keypoints = golden.input("kp_norm/value");
  golden.compare("animate_panel", visualize(animated, options));
  input.transformed = golden.input("transformed_frame");
  input.transformed_keypoints = golden.input("transformed_kp/value");
  input.sparse_deformed = golden.input("sparse_deformed");
  input.mask = golden.input("mask");
  golden.compare("train_panel", visualize(input, options));
  golden.require_all_compared();
}
