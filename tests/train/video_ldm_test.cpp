// The stages of a video LDM: its loss and gradients against plain PyTorch, what a stage begins with, what it refuses.
#include <array>
#include <cmath>

#include "core/nn/layers.h"
#include "core/weights.h"
#include "heads/labelled_clips.h"
#include "models/video_ldm/clip_sampler.h"
#include "models/video_ldm/stage_networks.h"
#include "small_ldm.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "train/denoising_figures.h"
#include "train/denoising_loss.h"
#include "train/training_data.h"
#include "train/weight_average.h"

using namespace animate;
using models::video_diffusion::UnetConfig;
using models::video_diffusion::VideoUnet;
using models::video_ldm::Stage;
using test::error_of;
using train::LdmTrainConfig;

namespace {

namespace video = models::video_ldm;

double gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

LdmTrainConfig small(const std::string& stage, const std::string& keys = "") {
  return LdmTrainConfig::parse(test::small_ldm_yaml(stage, keys), "c.yaml");
}

// The sizes of video_ldm_twin.py.
UnetConfig twin_config() {
  UnetConfig config;
  config.in_channels = config.out_channels = 2;
  config.channels = {4, 8};
  config.heads = {1, 2};
  config.attends = {false, true};
  config.layers = 1;
  config.token_width = 3;
  config.id_width = 4;
  config.ids = 1;
  config.groups = 2;
  config.context_width = 3;
  return config;
}

struct Twin {
  Twin()
      : file(checkpoint::Checkpoint::open(std::string(ANIMATE_TEST_DATA) + "/golden/video_ldm/training.safetensors")) {
    core::load_state(*unet, file.scope("weights"), "the UNet", {});
    told = {video::label_tokens(read("labels"), read("known")), read("regime"),
            video::context_of(read("latents"), read("mask"))};
  }

  torch::Tensor read(const std::string& name) const { return core::read_tensor(file.scope(""), name); }

  checkpoint::Checkpoint file;
  VideoUnet unet{twin_config()};
  video::Told told;
};

}  // namespace

TEST_CASE("a training step has plain PyTorch's loss and gradients") {
  Twin twin;
  auto parameters = twin.unet->named_parameters();
  for (auto& item : parameters) item.value().requires_grad_(true);
  const auto loss =
      train::denoising_loss(*twin.unet, twin.read("latents"), twin.read("noise"), twin.read("sigma"), twin.told);
  CHECK(std::abs(loss.item<double>() - twin.read("loss").item<double>()) < 1e-5);
  loss.backward();
  double largest = 0;
  for (const auto& item : parameters) {
    INFO(item.key());
    const auto expected = twin.read("gradients." + item.key());
    // The norm in front of attention to one token is not computed: nothing depends on it.
    const auto gradient = item.value().grad().defined() ? item.value().grad() : torch::zeros_like(item.value());
    CHECK(gap(gradient, expected) < 1e-5 * std::max(1.0, expected.abs().max().item<double>()));
    largest = std::max(largest, expected.abs().max().item<double>());
  }
  CHECK(largest > 0.1);
}

TEST_CASE("with and without gradients the networks compute the same") {
  Twin twin;
  const auto sigma = twin.read("sigma");
  const auto x = twin.read("latents") + sigma.view({-1, 1, 1, 1, 1}) * twin.read("noise");
  CHECK(gap(video::denoised(*twin.unet, x, sigma, twin.told), twin.read("denoised")) < 1e-5);
  for (auto& parameter : twin.unet->parameters()) parameter.requires_grad_(true);
  CHECK(gap(video::denoised(*twin.unet, x, sigma, twin.told), twin.read("denoised")) < 1e-5);
}

TEST_CASE("only temporal layers learn, and each of them does, where the spatial ones are frozen") {
  Twin twin;
  auto parameters = twin.unet->named_parameters();
  for (auto& item : parameters) item.value().requires_grad_(video::is_temporal(item.key()));
  train::denoising_loss(*twin.unet, twin.read("latents"), twin.read("noise"), twin.read("sigma"), twin.told).backward();
  for (const auto& item : parameters) {
    INFO(item.key());
    if (!video::is_temporal(item.key())) {
      CHECK_FALSE(item.value().grad().defined());
      continue;
    }
    const auto expected = twin.read("gradients." + item.key());
    const auto gradient = item.value().grad().defined() ? item.value().grad() : torch::zeros_like(item.value());
    CHECK(gap(gradient, expected) < 1e-5 * std::max(1.0, expected.abs().max().item<double>()));
  }
}

TEST_CASE("with temporal layers at their beginning a clip is seen frame by frame as by the image network") {
  const auto model = small("prediction").model;
  VideoUnet images(model.unet_of(Stage::Image));
  core::nn::fill_randomly(*images, 3);
  for (const Stage stage : {Stage::Temporal, Stage::Prediction, Stage::Interpolation}) {
    INFO(video::word_of(stage));
    VideoUnet clips(model.unet_of(stage));
    const torch::NoGradGuard no_grad;
    const auto from = images->named_parameters();
    for (auto& item : clips->named_parameters()) {
      if (from.contains(item.key())) item.value().copy_(from[item.key()]);
    }
    video::begin_as_images(*clips, 4);
    torch::manual_seed(5);
    const int64_t frames = model.frames_of(stage);
    const auto x = torch::randn({2, frames, 2, 8, 8});
    const auto token = torch::rand({2, 3});
    const auto times = torch::tensor({-0.3F, 0.9F});
    const auto regime = torch::tensor({{0.0F}, {1.0F}});
    const auto context = clips->config().context_width > 0 ? torch::randn({2, frames, 3, 8, 8}) : torch::Tensor();
    const auto together = clips->forward({x, times, token, regime, context});
    for (int64_t frame = 0; frame < frames; ++frame) {
      const auto alone = images->forward({x.narrow(1, frame, 1), times, token, regime, {}});
      CHECK(alone.abs().max().item<double>() > 0.05);
      CHECK(gap(together.narrow(1, frame, 1), alone) < 1e-5);
    }
    // Which is no matter of the mix: any share gives the same.
    for (auto& item : clips->named_parameters()) {
      if (item.key().ends_with("mix_factor")) item.value().fill_(2);
    }
    CHECK(gap(clips->forward({x, times, token, regime, context}), together) < 1e-5);
  }
}

TEST_CASE("labels tell what moves in a clip") {
  const std::vector<std::string> all{"turn", "nod", "smile", "blink", "talk"};
  std::vector<heads::HeadMotion> still(8);
  CHECK(heads::labels_of(still, all) == std::vector<float>{0, 0, 0, 0, 0});
  const auto earned = [&](const auto& change) {
    auto moving = still;
    change(moving[5]);
    return heads::labels_of(moving, all);
  };
  CHECK(earned([](heads::HeadMotion& at) { at.pose.yaw = 0.3F; }) == std::vector<float>{1, 0, 0, 0, 0});
  CHECK(earned([](heads::HeadMotion& at) { at.pose.pitch = -0.2F; }) == std::vector<float>{0, 1, 0, 0, 0});
  CHECK(earned([](heads::HeadMotion& at) { at.expression.smile = 0.5F; }) == std::vector<float>{0, 0, 1, 0, 0});
  CHECK(earned([](heads::HeadMotion& at) { at.expression.left_eye = 0.1F; }) == std::vector<float>{0, 0, 0, 1, 0});
  CHECK(earned([](heads::HeadMotion& at) { at.expression.mouth = 0.6F; }) == std::vector<float>{0, 0, 0, 0, 1});
  // None is earned always or never.
  std::vector<float> sums(5, 0);
  for (uint64_t i = 0; i < 400; ++i) {
    const auto labels = heads::labelled_clip(1, 1000 + i, {8, 6.25}, all).labels;
    for (size_t k = 0; k < 5; ++k) sums[k] += labels[k] / 400;
  }
  for (size_t k = 0; k < 5; ++k) {
    INFO(all[k] << " " << sums[k]);
    CHECK(sums[k] > 0.1);
    CHECK(sums[k] < 0.9);
  }
}

TEST_CASE("masks, guesses and known frames are the stage's") {
  const auto prediction = small("prediction", ", context_frames: [1, 2], drop: 0.5");
  const auto two = train::context_mask(prediction, 1, 2);
  CHECK(torch::equal(two, torch::tensor({{1.0F, 1.0F, 0.0F, 0.0F}})));
  const auto interpolation = small("interpolation");
  CHECK(torch::equal(train::context_mask(interpolation, 1, 0), torch::tensor({{1.0F, 0.0F, 0.0F, 0.0F, 1.0F}})));
  const auto ramp = torch::arange(5, torch::kFloat).view({1, 5, 1, 1, 1});
  CHECK(gap(train::trivial_guess(interpolation, ramp.square(), 0), ramp * 4) < 1e-6);
  CHECK(gap(train::trivial_guess(prediction, ramp, 2), torch::ones({1, 5, 1, 1, 1})) == 0);
  int64_t none = 0, one = 0, both = 0;
  for (int64_t step = 0; step < 200; ++step) {
    const auto masks = train::drawn_masks(prediction, 2, 9, step);
    CHECK(torch::equal(masks, train::drawn_masks(prediction, 2, 9, step)));
    for (int64_t i = 0; i < 2; ++i) {
      const auto known = masks[i].sum().item<int64_t>();
      (known == 0 ? none : known == 1 ? one : both) += 1;
    }
  }
  CHECK(std::abs(none - 200) < 40);
  CHECK(std::abs(one - 100) < 35);
  CHECK(std::abs(both - 100) < 35);
  const auto context = video::context_of(torch::full({1, 2, 2, 1, 1}, 3), torch::tensor({{1.0F, 0.0F}}));
  CHECK(torch::equal(context.flatten(), torch::tensor({3.0F, 3.0F, 1.0F, 0.0F, 0.0F, 0.0F})));
}

TEST_CASE("every stage goes on from the one before, resumed as uninterrupted") {
  const test::LdmRuns runs;
  std::string before;
  for (const auto stage : video::kStages) {
    const std::string name(stage);
    INFO(name);
    const TrainSummary whole = runs.go(name, name, 4, before);
    CHECK(std::isfinite(whole.last_loss));
    runs.go(name, name + "-parts", 2, before);
    CHECK(runs.go(name, name + "-parts", 4).first_step == 2);
    CHECK(runs.model_of(name) == runs.model_of(name + "-parts"));
    const auto file = checkpoint::Checkpoint::open(runs.folder / name / "model.safetensors");
    CHECK(video::word_of(video::stage_of(file).value()) == stage);
    CHECK(file.metadata().at("family") == "video_ldm");
    before = name;
  }
  // Spatial layers of the last stage are the image stage's, to the bit; its temporal ones moved.
  const auto image = checkpoint::Checkpoint::open(runs.folder / "image/model.safetensors").scope("image");
  const auto last = checkpoint::Checkpoint::open(runs.folder / "interpolation/model.safetensors");
  for (const std::string& name : image.names()) {
    INFO(name);
    CHECK(torch::equal(core::read_tensor(image, name), core::read_tensor(last.scope("interpolation"), name)));
    CHECK(torch::equal(core::read_tensor(image, name), core::read_tensor(last.scope("prediction"), name)));
  }
  const std::string moving = "mid_block.resnets.0.temporal_res_block.conv2.weight";
  CHECK(core::read_tensor(last.scope("interpolation"), moving).abs().max().item<double>() > 0);
  CHECK_FALSE(torch::equal(core::read_tensor(last.scope("interpolation"), moving),
                           core::read_tensor(last.scope("prediction"), moving)));
}

TEST_CASE("a stage without the one before it is refused in a sentence") {
  const test::LdmRuns runs;
  CHECK(error_of(ErrorKind::Usage, [&] { runs.go("image", "image", 1); }) ==
        (runs.folder / "image.yaml").string() +
            ": the stage image begins with what the stage autoencoder learnt; give that one's model.safetensors with "
            "--init");
  runs.go("autoencoder", "first", 1);
  CHECK(error_of(ErrorKind::Model, [&] { runs.go("temporal", "second", 1, "first"); }) ==
        (runs.folder / "first/model.safetensors").string() +
            ": holds the stage autoencoder, and the stage temporal begins with the stage image; give that one's model");
}

TEST_CASE("a loss that is no number ends a stage, and its last good checkpoint stays") {
  const test::LdmRuns runs;
  runs.go("autoencoder", "a", 1);
  runs.go("image", "b", 2, "a");
  const auto kept = test::content_of(runs.folder / "b/checkpoint.pth.tar");
  // Noise levels beyond what a float can hold.
  const TrainJob asked = runs.job("image", "c", 4, "a", ", sigma_mean: 80");
  NoProgress silent;
  const auto task = train::make_ldm_task(asked, LdmTrainConfig::load(asked.config));
  const std::string refusal = error_of(ErrorKind::Input, [&] { train::TrainingRun(*task, asked, silent, {}).run(); });
  CHECK(refusal.find("the loss is no longer a number at step 1") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(runs.folder / "c/checkpoint.pth.tar"));
  CHECK(test::content_of(runs.folder / "b/checkpoint.pth.tar") == kept);
}

TEST_CASE("configs of a video LDM name what is wrong with them") {
  const auto refusal = [](const std::string& stage, const std::string& keys) {
    return error_of(ErrorKind::Model, [&] { small(stage, keys); });
  };
  CHECK(refusal("decoder", "") ==
        "c.yaml: 'train_params.stage' is 'decoder', it must be one of autoencoder, image, temporal, prediction, "
        "interpolation; correct the config");
  CHECK(refusal("prediction", ", context_frames: [0, 9]") ==
        "c.yaml: 'train_params.context_frames' holds 9, and a clip has 4 frames, of which one at least has to be "
        "predicted; give fewer");
  auto yaml = test::small_ldm_yaml("image");
  yaml.replace(yaml.find("[turn, talk]"), 12, "[turn, wave]");
  CHECK(
      error_of(ErrorKind::Model, [&] { LdmTrainConfig::parse(yaml, "c.yaml"); }) ==
      "c.yaml: 'model_params.video_ldm_params.labels' holds 'wave', which nobody can tell of a drawn clip; choose from "
      "turn, nod, smile, blink, talk");
}

TEST_CASE("held-out clips are none of training's, and figures stand beside what needs no network") {
  const auto config = small("prediction");
  train::LdmClips clips(config, train::drawn_ldm_source(config, 1), 1, [](const torch::Tensor& pictures) {
    return torch::avg_pool2d(pictures, 2).narrow(1, 0, 2).contiguous();
  });
  const auto held_out = clips.held_out(3);
  CHECK(held_out.frames.sizes().vec() == std::vector<int64_t>{3, 4, 2, 8, 8});
  const auto first = heads::labelled_clip(train::kHeldOutHeads, 1, {1, 6.25}, {}).frames.front();
  CHECK(first.identity.skin.r == heads::sample_identity(train::kHeldOutHeads).skin.r);
  const auto again = clips.of_step(2);
  CHECK(torch::equal(again.frames, clips.of_step(2).frames));
  CHECK_FALSE(torch::equal(again.frames, clips.of_step(3).frames));
  VideoUnet unet(config.model.unet_of(Stage::Prediction));
  core::nn::fill_randomly(*unet, 1);
  const auto figures = train::DenoisingFigures(config, clips).of(*unet);
  REQUIRE(figures.size() == 8);
  CHECK(figures[0].name == "mse_sigma_3_known_1");
  CHECK(figures[3].name == "mse_trivial_known_1");
  const auto copied = held_out.frames.narrow(1, 0, 1).expand_as(held_out.frames);
  const double expected = (copied - held_out.frames).square().narrow(1, 1, 3).mean().item<double>();
  CHECK(figures[3].value == Approx(expected).epsilon(1e-4));
  CHECK(figures[0].wanted == figures[3].value);
  CHECK(figures[0].at_most);
}

TEST_CASE("an average follows the weights, and gradients are limited together") {
  core::nn::Linear weights(2, 1, /*biased=*/false), average(2, 1, /*biased=*/false);
  weights->weight.fill_(1);
  average->weight.fill_(0);
  train::move_average(*average, *weights, 0.999, 0);  // d = 1/10 in the first step
  CHECK(average->weight[0][0].item<double>() == Approx(0.9));
  train::move_average(*average, *weights, 0.5, 1000);
  CHECK(average->weight[0][0].item<double>() == Approx(0.95));
  auto a = torch::zeros({2}).requires_grad_(true), b = torch::zeros({1}).requires_grad_(true);
  a.mutable_grad() = torch::tensor({3.0F, 0.0F});
  b.mutable_grad() = torch::tensor({4.0F});
  CHECK(train::limit_gradients({a, b}, 1) == Approx(5));
  CHECK(a.grad()[0].item<double>() == Approx(0.6));
  CHECK(b.grad()[0].item<double>() == Approx(0.8));
  train::limit_gradients({a, b}, 2);
  CHECK(b.grad()[0].item<double>() == Approx(0.8));
}

TEST_CASE("a denoiser of normal noise samples normal noise, and known frames stay as they are") {
  // A network that always answers 0 says x / (sigma² + 1), which is right where latents are normal noise: so that is
  // what it samples.
  const auto model = small("interpolation").model;
  VideoUnet unet(model.unet_of(Stage::Interpolation));
  core::nn::fill_randomly(*unet, 1);
  const torch::NoGradGuard no_grad;
  unet->named_parameters()["conv_out.weight"].zero_();
  video::Sampling sampling;
  sampling.steps = 8;
  torch::manual_seed(3);
  sampling.draw = [](at::IntArrayRef shape) { return torch::randn(shape); };
  const auto token = torch::zeros({1, 3});
  const auto keys = torch::randn({3, 2, 8, 8});
  const auto dense = video::interpolated(*unet, keys, token, 0, sampling);
  REQUIRE(dense.size(0) == 9);
  for (int64_t i = 0; i < 3; ++i) CHECK(torch::equal(dense[4 * i], keys[i]));
  CHECK(dense.narrow(0, 1, 3).std().item<double>() == Approx(1).epsilon(0.2));
  VideoUnet second(model.unet_of(Stage::Prediction));
  core::nn::fill_randomly(*second, 1);
  const auto next = video::predicted(*second, keys.narrow(0, 0, 2).unsqueeze(0), 4, token, sampling);
  CHECK(next.sizes().vec() == std::vector<int64_t>{1, 2, 2, 8, 8});
  CHECK(torch::isfinite(next).all().item<bool>());
}
