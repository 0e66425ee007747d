// Every stage of the LivePortrait networks against the original's numbers: nets_* of the fixture folder.
#include <c10/core/InferenceMode.h>

#include <cstring>
#include <iostream>
#include <set>

#include "base/error.h"
#include "core/grid.h"
#include "core/nn/blocks_3d.h"
#include "core/weights.h"
#include "models/liveportrait/liveportrait_model.h"
#include "motion/rotation.h"
#include "support/catch.h"
#include "support/fixtures.h"

using namespace animate::core;
using namespace animate::checkpoint;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;
using liveportrait::Networks;

namespace {

namespace fs = std::filesystem;

fs::path root() { return test::fixtures_root() / "liveportrait"; }

// One file of expected tensors: absolute tolerance max(1e-5, 10 x the original's own rounding noise).
class Expected {
 public:
  double floor = 1e-5;  // least tolerance

  Expected(const fs::path& folder, const std::string& network)
      : network_(network), checkpoint_(Checkpoint::open(folder / (network + ".safetensors"))) {
    noise_ = test::read_json(folder / "float32_noise.json").at("noise").value(network, nlohmann::json::object());
  }

  torch::Tensor tensor(const std::string& key) {
    compared_.insert(key);
    return read_tensor(checkpoint_.scope(""), key);
  }
  bool has(const std::string& key) const { return checkpoint_.contains(key); }

  // Batch item 1 where the key says so; leading entries where the fixture holds fewer.
  void compare(const std::string& key, torch::Tensor actual) {
    std::string stored = key;
    if (has("item1." + key)) {
      stored = "item1." + key;
      actual = actual.narrow(0, 1, 1);
    }
    INFO(network_ << " " << stored);
    REQUIRE(has(stored));
    const auto expected = tensor(stored).to(torch::kFloat64);
    if (actual.dim() > 1 && actual.size(1) > expected.size(1)) actual = actual.narrow(1, 0, expected.size(1));
    REQUIRE(actual.sizes().vec() == expected.sizes().vec());
    const double tolerance = std::max(floor, 10 * noise_.value(key, 0.0));
    const double largest = (actual.to(torch::kFloat64) - expected).abs().max().item<double>();
    CHECK(largest <= tolerance);
  }

  // Frames of bytes: at most 1 apart on 99.5 % of samples, never more than 2.
  void compare_bytes(const std::string& key, const torch::Tensor& frame) {
    INFO(network_ << " " << key);
    const auto bytes = frame.clamp(0, 1).mul(255).to(torch::kUInt8).squeeze(0).permute({1, 2, 0}).to(torch::kInt16);
    const auto expected = tensor(key).to(torch::kInt16).view(bytes.sizes());
    const auto difference = (bytes - expected).abs();
    CHECK(difference.max().item<int>() <= 2);
    CHECK((difference > 1).to(torch::kFloat).mean().item<double>() <= 0.005);
  }

  void require_all_compared(const std::set<std::string>& besides = {}) {
    for (const std::string& name : checkpoint_.names()) {
      INFO(network_ << " " << name << " was not compared");
      CHECK((compared_.contains(name) || besides.contains(name)));
    }
  }

 private:
  std::string network_;
  Checkpoint checkpoint_;
  nlohmann::json noise_;
  std::set<std::string> compared_;
};

ModelFiles open_folder(const fs::path& folder) {
  ModelFiles files;
  files.name = folder.filename().string();
  for (const char* network :
       {liveportrait::kAppearance, liveportrait::kMotion, liveportrait::kWarping, liveportrait::kSpade}) {
    files.parts.emplace(network, Checkpoint::open(folder / "base_models" / (std::string(network) + ".pth")));
  }
  const auto retargeting = std::string(liveportrait::kRetargeting);
  files.parts.emplace(retargeting, Checkpoint::open(folder / "retargeting_models" / (retargeting + ".pth")));
  files.config = folder / "models.yaml";
  return files;
}

std::vector<fs::path> network_folders() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root())) {
    if (entry.path().filename().string().starts_with("nets_") && fs::exists(entry.path() / "base_models"))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Networks load(const fs::path& folder) {
  const ModelFiles files = open_folder(folder);
  Networks networks(liveportrait::find_config(files));
  networks.load(files);
  return networks;
}

Points3 points_of(const torch::Tensor& rows) {
  Points3 points(static_cast<size_t>(rows.numel() / 3));
  std::memcpy(points.data(), rows.contiguous().data_ptr<float>(), static_cast<size_t>(rows.nbytes()));
  return points;
}

torch::Tensor rows_of(const Points3& points) {
  auto rows = torch::empty({static_cast<int64_t>(points.size()), 3});
  std::memcpy(rows.data_ptr<float>(), points.data(), static_cast<size_t>(rows.nbytes()));
  return rows;
}

void check_appearance(const fs::path& folder, Networks& networks) {
  Expected expected(folder, "F");
  auto& f = *networks.appearance;
  auto x = f.first->forward(expected.tensor("input"));
  expected.compare("first", x);
  for (size_t i = 0; i < f.down_blocks->size(); ++i) {
    x = f.down_blocks[i]->as<nn::DownBlock2d>()->forward(x);
    expected.compare(fmt::format("down_blocks.{}", i), x);
  }
  x = f.second->forward(x);
  expected.compare("second", x);
  x = x.view({x.size(0), f.config.reshape_channel, f.config.reshape_depth, x.size(2), x.size(3)});
  for (size_t i = 0; i < f.resblocks->size(); ++i) {
    x = f.resblocks[i]->as<nn::ResBlock3d>()->forward(x);
    expected.compare(fmt::format("resblocks_3d.3dr{}", i), x);
  }
  expected.compare("out", f.forward(expected.tensor("input")));
  const auto bytes = expected.tensor("image_u8").permute({0, 3, 1, 2}).to(torch::kFloat) / 255;
  CHECK(torch::equal(bytes, expected.tensor("input")));
  expected.require_all_compared();
}

void check_motion(const fs::path& folder, Networks& networks) {
  using namespace liveportrait;
  Expected expected(folder, "M");
  auto& m = *networks.motion;
  auto x = expected.tensor("input");
  for (size_t i = 0; i < m.stages->size(); ++i) {
    x = m.downsample(static_cast<int64_t>(i), x);
    expected.compare(fmt::format("detector.downsample_layers.{}", i), x);
    for (const auto& child : *m.stages[i]->as<torch::nn::ModuleList>()) {
      auto& block = *child->as<ConvNextBlock>();
      if (i == 0 && child == (*m.stages[i]->as<torch::nn::ModuleList>())[0]) {
        const std::string name = "detector.stages.0.0.";
        auto y = block.dwconv->forward(x);
        expected.compare(name + "dwconv", y);
        y = block.norm->forward(y.permute({0, 2, 3, 1}));
        expected.compare(name + "norm", y);
        y = block.pwconv1->forward(y);
        expected.compare(name + "pwconv1", y);
        y = torch::gelu(y);
        expected.compare(name + "act", y);
        y = block.grn->forward(y);
        expected.compare(name + "grn", y);
        expected.compare(name + "pwconv2", block.pwconv2->forward(y).permute({0, 3, 1, 2}).permute({0, 2, 3, 1}));
      }
      x = block.forward(x);
    }
    expected.compare(fmt::format("detector.stages.{}", i), x);
  }
  expected.compare("detector.norm", m.norm->forward(x.mean({2, 3})));
  const RawMotion raw = m.forward(expected.tensor("input"));
  expected.compare("raw.pitch", raw.pitch);
  expected.compare("raw.yaw", raw.yaw);
  expected.compare("raw.roll", raw.roll);
  expected.compare("raw.t", raw.t);
  expected.compare("raw.exp", raw.exp);
  expected.compare("raw.scale", raw.scale);
  expected.compare("raw.kp", raw.kp);

  for (int64_t item = 0; item < 2; ++item) {
    const FaceMotion face = to_face_motion(raw, item);
    const auto close = [&](const std::string& key, const torch::Tensor& actual, double tolerance) {
      INFO(key << " of item " << item);
      CHECK((expected.tensor(key)[item] - actual).abs().max().item<double>() <= tolerance);
    };
    close("refined.kp", rows_of(face.canonical), 1e-5);
    close("refined.exp", rows_of(face.expression), 1e-5);
    close("refined.t", torch::tensor({face.translation[0], face.translation[1], face.translation[2]}), 1e-5);
    close("refined.scale", torch::tensor({face.scale}), 1e-5);
    close("R", rows_of({face.rotation.begin(), face.rotation.end()}), 1e-5);
    close("x_s", rows_of(face.keypoints()), 1e-5);
    const HeadPose pose = head_pose(face.rotation);
    close("refined.pitch", torch::tensor({pose.pitch}), 2e-3);
    close("refined.yaw", torch::tensor({pose.yaw}), 2e-3);
    close("refined.roll", torch::tensor({pose.roll}), 2e-3);
  }
  expected.require_all_compared({"image_u8"});
}

void check_warping(const fs::path& folder, Networks& networks) {
  Expected expected(folder, "W");
  auto& w = *networks.warping;
  auto& dense = *w.dense_motion_network;
  const std::string prefix = "dense_motion_network.";
  const auto feature = expected.tensor("feature_3d");
  const auto kp_driving = expected.tensor("kp_driving");
  const auto kp_source = expected.tensor("kp_source");
  if (expected.has("item1." + prefix + "compress")) {
    const auto compressed = dense.compress->forward(feature);
    expected.compare(prefix + "compress", compressed);
    expected.compare(prefix + "norm", dense.norm->forward(compressed));
  }
  const auto out = w.forward(feature, kp_driving, kp_source);
  const auto& motion = out.motion;
  expected.compare("compressed_feature", motion.compressed);
  const auto grid = coordinate_grid_3d(feature.size(2), feature.size(3), feature.size(4), torch::kFloat);
  expected.compare("sparse_motions", liveportrait::sparse_motions(grid, kp_driving, kp_source));
  const auto local = motion.local_maps.unflatten(1, {kp_source.size(1) + 1, -1});
  expected.compare("deformed_feature", local.slice(2, 1));
  expected.compare("heatmaps", local.slice(2, 0, 1));
  auto x = motion.local_maps;
  for (size_t i = 0; i < dense.hourglass->down_blocks->size(); ++i) {
    x = dense.hourglass->down_blocks[i]->as<nn::DownBlock3d>()->forward(x);
    expected.compare(fmt::format("{}hourglass.encoder.down_blocks.{}", prefix, i), x);
  }
  const size_t n = dense.hourglass->up_blocks->size();
  std::vector<torch::Tensor> skips{motion.local_maps};
  for (size_t i = 0; i < n; ++i) {
    skips.push_back(dense.hourglass->down_blocks[i]->as<nn::DownBlock3d>()->forward(skips.back()));
  }
  x = skips.back();
  for (size_t i = 0; i < n; ++i) {
    x = dense.hourglass->up_blocks[i]->as<nn::UpBlock3d>()->forward(x);
    expected.compare(fmt::format("{}hourglass.decoder.up_blocks.{}", prefix, i), x);
    x = torch::cat({x, skips[n - 1 - i]}, 1);
  }
  expected.compare(prefix + "hourglass", motion.hourglass);
  expected.compare("softmax_mask", motion.mask);
  expected.compare("deformation", motion.deformation);
  expected.compare("warped_3d", out.warped_volume);
  const auto third = w.third->forward(out.warped_volume.flatten(1, 2));
  expected.compare("third", third);
  expected.compare("fourth", w.fourth->forward(third));
  expected.compare("out", out.feature_map);
  CHECK(motion.occlusion_map.defined() == expected.has("occlusion_map"));
  if (motion.occlusion_map.defined()) expected.compare("occlusion_map", motion.occlusion_map);
  expected.require_all_compared();
}

void check_generator(const fs::path& folder, Networks& networks) {
  using liveportrait::instance_normalise;
  Expected expected(folder, "G");
  auto& g = *networks.spade;
  const auto seg = expected.tensor("input");
  auto x = g.fc->forward(seg);
  expected.compare("fc", x);
  auto& first = *g.middle[0];
  expected.compare("G_middle_0.norm_0.param_free_norm", instance_normalise(x));
  const auto normalised = first.norm_0->forward(x, seg);
  expected.compare("G_middle_0.norm_0", normalised);
  expected.compare("G_middle_0.conv_0", first.conv_0->forward(torch::leaky_relu(normalised, 0.2)));
  for (size_t i = 0; i < g.middle.size(); ++i) {
    x = g.middle[i]->forward(x, seg);
    expected.compare(fmt::format("G_middle_{}", i), x);
  }
  x = torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2});
  if (expected.has("up_0.norm_s")) expected.compare("up_0.norm_s", g.up_0->norm_s->forward(x, seg));
  x = g.up_0->forward(x, seg);
  expected.compare("up_0", x);
  x = g.up_1->forward(torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}), seg);
  expected.compare("up_1", x);
  expected.compare("folded.G_middle_0.conv_0.weight", first.conv_0->effective_weight());
  expected.compare("folded.up_0.conv_s.weight", g.up_0->conv_s->effective_weight());
  const auto out = g.forward(seg);
  expected.compare("out", out);
  expected.compare_bytes("out_u8", out);
  expected.require_all_compared();
}

void check_retargeting(const fs::path& folder, Networks& networks) {
  Expected expected(folder, "S");
  const auto x_s = expected.tensor("x_s");
  const auto x_d = expected.tensor("x_d");
  const auto eye = expected.tensor("eye_ratio");
  const auto lip = expected.tensor("lip_ratio");
  expected.compare("stitch_raw",
                   networks.retargeting->stitching->forward(torch::cat({x_s.flatten(1), x_d.flatten(1)}, 1)));
  std::vector<torch::Tensor> stitched;
  std::vector<torch::Tensor> eye_delta;
  std::vector<torch::Tensor> lip_delta;
  for (int64_t i = 0; i < x_s.size(0); ++i) {
    const auto value = [i](const torch::Tensor& table, int64_t column) { return table[i][column].item<float>(); };
    const Points3 source = points_of(x_s[i]);
    stitched.push_back(rows_of(networks.retargeting->stitch(source, points_of(x_d[i]))));
    eye_delta.push_back(
        rows_of(networks.retargeting->eye_delta(source, {value(eye, 0), value(eye, 1), value(eye, 2)})));
    lip_delta.push_back(rows_of(networks.retargeting->lip_delta(source, {value(lip, 0), value(lip, 1)})));
  }
  expected.compare("stitched", torch::stack(stitched));
  expected.compare("eye_delta", torch::stack(eye_delta));
  expected.compare("lip_delta", torch::stack(lip_delta));
  expected.require_all_compared();
}

void check_outputs_folded(const fs::path& folder, Networks& networks) {
  Expected f(folder, "F");
  f.compare("out", networks.appearance->forward(f.tensor("input")));
  Expected w(folder, "W");
  w.compare(
      "out",
      networks.warping->forward(w.tensor("feature_3d"), w.tensor("kp_driving"), w.tensor("kp_source")).feature_map);
  Expected g(folder, "G");
  const auto out = networks.spade->forward(g.tensor("input"));
  g.compare("out", out);
  g.compare_bytes("out_u8", out);
}

void check_chain(const fs::path& folder, Networks& networks) {
  Expected expected(folder, "chain");
  expected.floor = 1e-4;  // three networks in a row, as in the fixture's e2e tolerance
  const auto prepared = expected.tensor("prepared");
  const auto feature = networks.appearance->forward(prepared);
  expected.compare("f_s", feature);
  const FaceMotion face = liveportrait::to_face_motion(networks.motion->forward(prepared));
  expected.compare("x_s", rows_of(face.keypoints()).unsqueeze(0));
  expected.compare("R_s", rows_of({face.rotation.begin(), face.rotation.end()}).unsqueeze(0));
  expected.compare("info.kp", rows_of(face.canonical).unsqueeze(0));
  expected.compare("info.exp", rows_of(face.expression).unsqueeze(0));
  const auto x_s = expected.tensor("x_s");
  const auto x_d = expected.tensor("x_d_stitched");
  const auto warped = networks.warping->forward(feature, x_d, x_s);
  expected.compare("warp_decode.deformation", warped.motion.deformation);
  if (warped.motion.occlusion_map.defined()) {
    expected.compare("warp_decode.occlusion_map", warped.motion.occlusion_map);
  }
  const auto frame = networks.spade->forward(warped.feature_map);
  expected.compare("warp_decode.out", frame);
  expected.compare_bytes("frame_u8", frame);
}

}  // namespace

TEST_CASE("every stage of the networks gives the original's numbers") {
  const c10::InferenceMode guard;
  const auto folders = network_folders();
  REQUIRE(!folders.empty());
  for (const fs::path& folder : folders) {
    INFO(folder);
    Networks networks = load(folder);
    check_appearance(folder, networks);
    check_motion(folder, networks);
    check_warping(folder, networks);
    check_generator(folder, networks);
    check_retargeting(folder, networks);
    check_chain(folder, networks);
    networks.fold();
    check_outputs_folded(folder, networks);
    check_chain(folder, networks);
    networks.use_fast_convolutions(nn::ConvMode::Winograd);
    check_outputs_folded(folder, networks);
    check_chain(folder, networks);
  }
}
