// A photo becomes a clip as diffusers' StableVideoDiffusionPipeline makes it, from both forms of the same checkpoint.
#include <c10/core/InferenceMode.h>

#include <cmath>

#include "core/nn/stage_observer.h"
#include "core/tensor_image.h"
#include "diffusion/latent_noise.h"
#include "golden/svd_case.h"
#include "media/image_io.h"
#include "models/video_diffusion/clip_pixels.h"
#include "models/video_diffusion/video_generator.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/skip.h"

using namespace animate;
using namespace animate::models::video_diffusion;
using test::some_svd_cases;
using test::SvdCase;

namespace {

namespace fs = std::filesystem;

torch::Tensor picture_of(const SvdCase& golden, const std::string& suffix) {
  for (const auto& file : golden.entry().at("files")) {
    const fs::path path = test::svd_root() / file.get<std::string>();
    if (path.extension() == suffix) return core::to_tensor(media::load_image(path));
  }
  FAIL("a case without a picture");
  return {};
}

VideoRequest request_of(const SvdCase& golden) {
  const auto& config = golden.config();
  VideoRequest request;
  request.picture = picture_of(golden, ".png");
  REQUIRE(request.picture.size(2) == config.at("height").get<int64_t>());
  REQUIRE(request.picture.size(3) == config.at("width").get<int64_t>());
  request.frames = config.at("frames");
  request.steps = config.at("steps");
  request.sampler = diffusion::sampler_of(config.at("sampler").get<std::string>());
  request.guidance = {config.at("guidance")[0], config.at("guidance")[1]};
  request.motion = config.at("motion_bucket_id");
  request.fps = config.at("fps");
  request.noise = config.at("noise_aug_strength");
  return request;
}

// The noise that the case gives, draw by draw; where it was drawn by a seed, our own generator has to give the same.
std::function<torch::Tensor(at::IntArrayRef)> draws_of(const SvdCase& golden, size_t& drawn) {
  std::optional<diffusion::LatentNoise> generator;
  if (golden.config().at("seed").is_number()) generator.emplace(golden.config().at("seed").get<uint64_t>());
  return [&golden, &drawn, generator](at::IntArrayRef shape) mutable {
    const auto keys = golden.keys("input/draw_" + std::to_string(drawn) + "_");
    INFO(golden.name() << ", draw " << drawn);
    REQUIRE(keys.size() == 1);
    ++drawn;
    const auto given = golden.tensor(keys.front());
    REQUIRE(given.sizes() == shape);
    if (!generator) return given;
    auto ours = generator->draw(shape);
    CHECK((ours - given).abs().max().item<double>() <= 1e-6);
    return ours;
  };
}

void compare_pipeline(SvdCase& golden, const VideoGenerator& generator) {
  VideoRequest request = request_of(golden);
  size_t drawn = 0;
  request.draw = draws_of(golden, drawn);

  golden.compare("image_embeds", generator.token_of(request.picture));
  golden.compare("image_latents",
                 generator.latents_of(request.picture, golden.input("draw_0_image_noise"), request.noise));

  std::vector<torch::Tensor> outputs;
  const auto latents = [&] {
    const core::nn::StageObserver observer([&](const torch::nn::Module& module, const torch::Tensor& output) {
      if (dynamic_cast<const VideoUnetImpl*>(&module) != nullptr) outputs.push_back(output.clone());
    });
    return generator.generate(request, [&](int64_t done, int64_t all, const torch::Tensor& now) {
      const std::string key = "latents_after_step_" + std::to_string(done - 1);
      CHECK(all == request.steps);
      if (golden.has("expect/" + key)) golden.compare(key, now);
      return true;
    });
  }();
  CHECK(drawn == golden.config().at("draws").get<size_t>());
  const bool guided = request.guidance.is_on();
  REQUIRE(outputs.size() == static_cast<size_t>(request.steps) * (guided ? 2 : 1));
  golden.compare("unet_output_first_call", guided ? torch::cat({outputs[0], outputs[1]}) : outputs[0]);

  std::vector<torch::Tensor> frames;
  const auto chunk = golden.config().at("decode_chunk_size").get<int64_t>();
  generator.decode(latents, chunk, [&](const torch::Tensor& some) {
    CHECK(some.size(0) <= chunk);
    frames.push_back(some);
  });
  const auto clip = torch::cat(frames).unsqueeze(0);
  golden.compare("frames", clip);
  golden.compare("frames_u8", (clip * 255).round().to(torch::kUInt8));
  golden.require_all_compared();
}

fs::path folder() { return test::svd_root() / "checkpoint" / "diffusers"; }
fs::path single_file() { return test::svd_root() / "checkpoint" / "single_file.safetensors"; }

void compare_states(const torch::nn::Module& a, const torch::nn::Module& b) {
  const auto other = b.named_parameters();
  for (const auto& item : a.named_parameters()) {
    INFO(item.key());
    CHECK(torch::equal(item.value(), other[item.key()]));
  }
}

}  // namespace

TEST_CASE("photos are squeezed for CLIP as the original does it") {
  for (SvdCase& golden : some_svd_cases("clip_preprocess")) {
    const auto photo = picture_of(golden, ".png");
    const int64_t side = golden.config().at("size");
    const int64_t stride = golden.config().at("stride");
    const auto strided = [stride](const torch::Tensor& x) {
      return x.slice(2, 0, x.size(2), stride).slice(3, 0, x.size(3), stride);
    };
    const auto resized = squeeze_to_square(photo * 2 - 1, side);
    golden.compare("resized_strided7", strided(resized));
    golden.compare("resized_mean", resized.mean({2, 3}));
    const auto pixels = clip_pixels(photo, side);
    golden.compare("pixel_values_strided7", strided(pixels));
    golden.compare("pixel_values_row_100", pixels.select(2, 100));
    const auto thinned = photo.slice(2, 0, photo.size(2), 3).slice(3, 0, photo.size(3), 2);
    golden.compare("thinned_resized_strided7", strided(squeeze_to_square(thinned * 2 - 1, side)));
    golden.require_all_compared();
  }
}

TEST_CASE("a photo becomes the original's clip, by given noise, by a seed, and in few steps") {
  const VideoGenerator generator(VideoWeights::open(folder()), torch::kCPU);
  for (SvdCase& golden : some_svd_cases("svd_pipeline")) compare_pipeline(golden, generator);
}

TEST_CASE("the folder's configs are those that its weights were made with") {
  const auto weights = VideoWeights::open(folder());
  const auto configs = test::svd_configs();
  CHECK(weights.configs().unet.channels == configs.unet.channels);
  CHECK(weights.configs().unet.heads == configs.unet.heads);
  CHECK(weights.configs().vae.channels == configs.vae.channels);
  CHECK(weights.configs().clip.layers == configs.clip.layers);
}

TEST_CASE("the single file gives the same networks as the folder", "[optional]") {
  if (!fs::exists(single_file()))
    return test::skip("svd/checkpoint/single_file.safetensors is not in $ANIMATE_FIXTURES");
  const auto configs = test::svd_configs();
  const auto one = VideoWeights::open(single_file(), configs);
  const auto parts = VideoWeights::open(folder());
  compare_states(*one.load_unet(), *parts.load_unet());
  compare_states(*one.load_encoder(), *parts.load_encoder());
  compare_states(*one.load_decoder(), *parts.load_decoder());
  compare_states(*one.load_clip(), *parts.load_clip());

  // All but the widths of heads shows in the shapes.
  const auto told = VideoWeights::open(single_file()).configs();
  CHECK(told.unet.channels == configs.unet.channels);
  CHECK(told.unet.attends == configs.unet.attends);
  CHECK(told.unet.layers == configs.unet.layers);
  CHECK(told.unet.token_width == configs.unet.token_width);
  CHECK(told.unet.id_width == configs.unet.id_width);
  CHECK(told.vae.channels == configs.vae.channels);
  CHECK(told.vae.layers == configs.vae.layers);
  CHECK(told.clip.side == configs.clip.side);
  CHECK(told.clip.layers == configs.clip.layers);
  CHECK(told.clip.projection == configs.clip.projection);

  for (SvdCase& golden : some_svd_cases("svd_pipeline")) {
    compare_pipeline(golden, VideoGenerator(one, torch::kCPU));
    break;
  }
}

TEST_CASE("a stopped clip keeps its latents, and what is not finite or does not fit is refused") {
  const VideoGenerator generator(VideoWeights::open(folder()), torch::kCPU);
  diffusion::LatentNoise noise(5);
  VideoRequest request;
  request.picture = torch::rand({1, 3, 16, 16});
  request.frames = 2;
  request.steps = 3;
  request.draw = [&noise](at::IntArrayRef shape) { return noise.draw(shape); };
  int64_t calls = 0;
  const auto latents = generator.generate(request, [&calls](int64_t done, int64_t, const torch::Tensor&) {
    calls = done;
    return done < 2;
  });
  CHECK(calls == 2);
  const int64_t factor = generator.weights().configs().vae.factor();
  CHECK(latents.sizes().vec() == std::vector<int64_t>{1, 2, 4, 16 / factor, 16 / factor});

  request.draw = [](at::IntArrayRef shape) { return torch::full(shape, std::nan("")); };
  CHECK(test::error_of(ErrorKind::Model, [&] { generator.generate(request); }) ==
        "the latents hold NaN or infinite values after step 1 of 3; use --precision fp32, or get an undamaged model");

  request.picture = torch::rand({1, 3, 16, 17});
  CHECK(test::error_of(ErrorKind::Usage, [&] { generator.generate(request); }) ==
        "17x16: both sides have to be multiples of " + std::to_string(factor) + "; give --width and --height that are");
}
