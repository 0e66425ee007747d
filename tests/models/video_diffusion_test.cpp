// Files of video diffusion models: what is read, what is refused and in which words; what a clip costs.
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/error.h"
#include "base/memory.h"
#include "base/stopwatch.h"
#include "core/nn/layers.h"
#include "core/renamed_weights.h"
#include "core/weights.h"
#include "models/video_diffusion/clip_cost.h"
#include "models/video_diffusion/video_family.h"
#include "models/video_diffusion/video_weights.h"
#include "models/video_diffusion/weight_names.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate;
using namespace animate::models::video_diffusion;
using test::error_of;

namespace {

namespace fs = std::filesystem;
using Arrays = std::map<std::string, torch::Tensor>;

// The smallest networks that have every kind of block. Heads are as wide as a single file's are taken to be.
Configs small() {
  Configs configs;
  configs.unet.channels = {64, 64};
  configs.unet.heads = {1, 1};
  configs.unet.attends = {true, false};
  configs.unet.layers = 1;
  configs.unet.token_width = 8;
  configs.unet.id_width = 4;
  configs.vae.channels = {32, 32};
  configs.vae.layers = 1;
  configs.clip = {80, 16, 2, 1, 28, 14, 8};
  return configs;
}

// A network's arrays as a file spells and keeps them.
void add_arrays(Arrays& arrays, torch::nn::Module& network, const core::NameTable& names) {
  core::nn::fill_randomly(network, 7);
  std::map<std::string, std::vector<torch::Tensor>> joined;
  for (const auto& array : core::expected_arrays(network, names)) {
    const auto numbers = array.target.defined() ? array.target.contiguous() : torch::zeros(array.shape);
    switch (array.stored.form) {
      case core::StoredArray::Form::AsIs: arrays[array.stored.name] = numbers; break;
      case core::StoredArray::Form::Pixelwise: arrays[array.stored.name] = numbers.view(array.stored_shape()); break;
      case core::StoredArray::Form::Transposed: arrays[array.stored.name] = numbers.t().contiguous(); break;
      case core::StoredArray::Form::FirstThird:
      case core::StoredArray::Form::MiddleThird:
      case core::StoredArray::Form::LastThird: {
        auto& thirds = joined[array.stored.name];
        thirds.resize(3);
        thirds[static_cast<size_t>(array.stored.form) - static_cast<size_t>(core::StoredArray::Form::FirstThird)] =
            numbers;
      }
    }
  }
  for (auto& [name, thirds] : joined) arrays[name] = torch::cat(thirds);
}

Arrays single_file(const Configs& configs) {
  Arrays arrays;
  add_arrays(arrays, *VideoUnet(configs.unet), single_file_names(configs.unet));
  add_arrays(arrays, *VaeEncoder(configs.vae), single_file_names(configs.vae));
  add_arrays(arrays, *VaeDecoder(configs.vae), single_file_names(configs.vae));
  add_arrays(arrays, *ClipVision(configs.clip), single_file_names(configs.clip));
  // A part of what else such files hold.
  arrays["first_stage_model.encoder.conv_in.bias"] = torch::zeros({32});
  arrays["conditioner.embedders.0.open_clip.model.logit_scale"] = torch::zeros({1});
  return arrays;
}

fs::path saved(const test::TempDir& folder, const Arrays& arrays) {
  const fs::path path = folder / "clip.safetensors";
  core::save_tensors(path, arrays, {});
  return path;
}

constexpr const char* kInput = "model.diffusion_model.input_blocks.1.0.in_layers.2.weight";

}  // namespace

TEST_CASE("a single file tells its configs and gives its numbers") {
  const test::TempDir folder;
  const Configs configs = small();
  const auto weights = VideoWeights::open(saved(folder, single_file(configs)));
  CHECK(weights.configs().unet.channels == configs.unet.channels);
  CHECK(weights.configs().unet.heads == configs.unet.heads);
  CHECK(weights.configs().unet.attends == configs.unet.attends);
  CHECK(weights.configs().clip.heads == 1);
  CHECK(weights.configs().clip.side == 28);
  VideoUnet expected(configs.unet);
  core::nn::fill_randomly(*expected, 7);
  const auto loaded = weights.load_unet();
  const auto parameters = loaded->named_parameters();
  for (const auto& item : expected->named_parameters()) {
    INFO(item.key());
    CHECK(torch::equal(item.value(), parameters[item.key()]));
  }
  ClipVision clip(configs.clip);
  core::nn::fill_randomly(*clip, 7);
  const auto loaded_clip = weights.load_clip();
  const auto of_clip = loaded_clip->named_parameters();
  for (const auto& item : clip->named_parameters()) CHECK(torch::equal(item.value(), of_clip[item.key()]));
}

TEST_CASE("a single file is packed without what nobody needs, and its numbers stay") {
  const test::TempDir folder;
  const fs::path path = saved(folder, single_file(small()));
  catalog::FoundModel found{"clip", path, {}, {}, {}};
  const models::ModelFiles files = models::ModelFiles::open(found);
  REQUIRE(matches(files));
  const models::PackedModel packed = pack(files);
  Arrays arrays;
  for (const auto& [prefix, scope] : packed.scopes) {
    for (const std::string& name : scope.names()) arrays[prefix + "." + name] = core::read_tensor(scope, name);
  }
  CHECK(arrays.size() == single_file(small()).size() - 2);
  core::save_tensors(folder / "packed.safetensors", arrays, packed.metadata);
  const auto before = VideoWeights::open(path).load_decoder();
  const auto after = VideoWeights::open(folder / "packed.safetensors").load_decoder();
  const auto numbers = after->named_parameters();
  for (const auto& item : before->named_parameters()) CHECK(torch::equal(item.value(), numbers[item.key()]));
}

TEST_CASE("arrays that are missing, of another shape or unexpected are named before any is read") {
  const test::TempDir folder;
  Arrays arrays = single_file(small());
  arrays.erase("first_stage_model.decoder.conv_in.bias");
  arrays["conditioner.embedders.3.encoder.quant_conv.bias"] = torch::zeros({3});
  arrays["model_ema.decay"] = torch::zeros({1});
  const fs::path path = saved(folder, arrays);
  CHECK(error_of(ErrorKind::Model, [&] { VideoWeights::open(path); }) ==
        show(path) +
            ": the weights of the image-to-video model do not fit the config; give the config they were trained with; "
            "1 missing: first_stage_model.decoder.conv_in.bias; 1 unexpected: model_ema.decay; 1 of another shape: "
            "conditioner.embedders.3.encoder.quant_conv.bias is [3], the config asks for [8]");
}

TEST_CASE("weights that are not numbers are refused when they are read") {
  const test::TempDir folder;
  Arrays arrays = single_file(small());
  arrays[kInput] = torch::full(arrays[kInput].sizes(), std::numeric_limits<float>::quiet_NaN());
  const auto weights = VideoWeights::open(saved(folder, arrays));
  CHECK(error_of(ErrorKind::Model, [&] { weights.load_unet(); }) ==
        show(folder / "clip.safetensors") + ": the weight " + kInput +
            " of the UNet holds NaN or infinite values; get an undamaged checkpoint");
}

TEST_CASE("a file of another kind and half a folder are refused in a sentence") {
  const test::TempDir folder;
  const fs::path path = saved(folder, {{"generator.first.weight", torch::zeros({1})}});
  CHECK(error_of(ErrorKind::Model, [&] { VideoWeights::open(path); }) ==
        show(path) +
            ": holds no UNet of an image-to-video model; give Stable Video Diffusion's single file or its folder");
  fs::create_directories(folder / "model/unet");
  CHECK(error_of(ErrorKind::Input, [&] { VideoWeights::open(folder / "model/vae"); }).empty() == false);
  std::ofstream(folder / "model/unet/config.json") << "{}";
  CHECK(error_of(ErrorKind::Input, [&] { VideoWeights::open(folder / "model"); }) ==
        show(folder / "model/vae") +
            ": is missing; an image-to-video model's folder holds unet, vae and image_encoder");
  for (const char* part : {"vae", "image_encoder"}) {
    fs::create_directories(folder / "model" / part);
    std::ofstream(folder / "model" / part / "config.json") << "{}";
  }
  CHECK(error_of(ErrorKind::Input, [&] { VideoWeights::open(folder / "model"); }) ==
        show(folder / "model/unet") +
            ": holds no weights; it needs diffusion_pytorch_model.safetensors or its .fp16 form, as the model's page "
            "has them");
}

TEST_CASE("a config of video diffusion says what there is, and other forms are refused") {
  const UnetConfig usual = UnetConfig::parse("{}", "u.json");
  CHECK(usual.channels == std::vector<int64_t>{320, 640, 1280, 1280});
  CHECK(UnetConfig::parse("{\"num_attention_heads\": 5}", "u.json").heads == std::vector<int64_t>{5, 5, 5, 5});
  const auto model = [](auto&& parse) { return error_of(ErrorKind::Model, parse); };
  CHECK(model([] { UnetConfig::parse("[1]", "u.json"); }) ==
        "u.json: is no config of a video diffusion model; give the config.json that came with it");
  CHECK(model([] { UnetConfig::parse("{\"block_out_channels\": [320, 640, 1280, 40]}", "u.json"); }) ==
        "u.json: 'block_out_channels' holds 40, which is no multiple of 32 norm groups; correct the config");
  CHECK(model([] { UnetConfig::parse("{\"num_attention_heads\": [5, 10]}", "u.json"); }) ==
        "u.json: 'num_attention_heads' has 2 entries, which is not one a level; correct the config");
  CHECK(model([] { UnetConfig::parse("{\"num_attention_heads\": 7}", "u.json"); }) ==
        "u.json: 320 channels are no multiple of 7 heads; correct the config");
  CHECK(model([] { UnetConfig::parse("{\"transformer_layers_per_block\": 2}", "u.json"); }) ==
        "u.json: 'transformer_layers_per_block' is 2, and this program computes 1 only; give another model");
  CHECK(
      model([] { UnetConfig::parse("{\"down_block_types\": [\"DownBlock2D\"]}", "u.json"); }) ==
      "u.json: 'down_block_types' names DownBlock2D, which is no block of Stable Video Diffusion; give another model");
  CHECK(model([] { ClipConfig::parse("{\"hidden_act\": \"quick_gelu\"}", "c.json"); }) ==
        "c.json: 'hidden_act' is quick_gelu, and this program computes gelu only; give another model");
  CHECK(model([] { VaeConfig::parse("{\"scaling_factor\": 0}", "v.json"); }) ==
        "v.json: 'scaling_factor' is 0; it has to be positive");
  CHECK(model([] { VaeConfig::parse("{\"layers_per_block\": 99}", "v.json"); }) ==
        "v.json: 'layers_per_block' is 99; it has to be from 1 to 16");
}

TEST_CASE("what a clip costs is what is published of it") {
  const Configs configs;
  const auto tera = [](double flop) { return flop / 1e12; };
  const ClipSize usual{14, 576, 1024};
  const Flop call = unet_flop(configs, usual);
  // The published figures, 44.8 in all and 20.3 in linear layers, count queries and outputs of attention to one token
  // for every pixel: 8 of 100 parts of the transformers' linear layers, which are not computed here.
  CHECK(tera(call.sum()) == Approx(44.8 - 20.3 * 0.08).margin(0.15));
  CHECK(tera(call.convolutions) == Approx(13.2).margin(0.05));
  CHECK(tera(call.time) == Approx(2.7).margin(0.05));
  CHECK(tera(call.linear) == Approx(20.3 * 0.92).margin(0.15));
  CHECK(tera(call.attention) == Approx(8.7).margin(0.05));
  CHECK(tera(unet_flop(configs, {25, 576, 1024}).sum()) == Approx(79.9 * 43.1 / 44.8).margin(0.2));
  CHECK(tera(unet_flop(configs, {14, 256, 256}).sum()) == Approx(4.1 * 43.1 / 44.8).margin(0.05));
  CHECK(tera(decoder_flop(configs, usual).sum()) == Approx(97).margin(0.6));
  CHECK(tera(decoder_flop(configs, {14, 256, 256}).sum()) == Approx(11).margin(0.5));
  CHECK(tera(encoder_flop(configs, usual).sum()) == Approx(2.6).margin(0.1));
  CHECK(tera(clip_flop(configs).sum()) == Approx(0.34).margin(0.01));

  // More memory, more frames at once; one frame where there is next to none.
  CHECK(chunk_within(configs, usual, 0) == 1);
  CHECK(chunk_within(configs, usual, 1e12) == 14);
  const int64_t some = chunk_within(configs, usual, 8e9);
  CHECK(some > 1);
  CHECK(decoder_memory(configs, usual, some).sum() <= 8e9);
  CHECK(decoder_memory(configs, usual, some + 1).sum() > 8e9);
}

// For hands: 8 GB of memory and a minute or two. ANIMATE_CLIP=FRAMESxHEIGHTxWIDTH chooses another size.
TEST_CASE("one call of the full-size UNet: time, work and memory", "[.full_size]") {
  const c10::InferenceMode guard;
  ClipSize size{14, 256, 256};
  if (const char* asked = std::getenv("ANIMATE_CLIP")) {
    char x = 0;
    std::istringstream(asked) >> size.frames >> x >> size.height >> x >> size.width;
  }
  const Configs configs;
  VideoUnet unet(configs.unet);
  core::nn::fill_randomly(*unet, 1);
  const auto before = process_memory();
  const auto sample = torch::randn({1, size.frames, configs.unet.in_channels, size.height / 8, size.width / 8});
  const auto token = torch::randn({1, configs.unet.token_width});
  const auto ids = torch::tensor({6.0F, 127.0F, 0.02F}).unsqueeze(0);
  const double flop = unet_flop(configs, size).sum();
  for (int turn = 0; turn < 2; ++turn) {
    const Stopwatch watch;
    const auto output = unet->forward(sample, 0.5, token, ids);
    const double seconds = watch.seconds();
    CHECK(torch::isfinite(output).all().item<bool>());
    const double grown = static_cast<double>(process_memory().peak - before.resident);
    std::printf(
        "%lld x %lldx%lld: %.1f s, %.0f GFLOP/s; maps %.2f GB, forecast %.2f GB; peak %.2f GB, forecast %.2f GB\n",
        static_cast<long long>(size.frames), static_cast<long long>(size.width), static_cast<long long>(size.height),
        seconds, flop / seconds / 1e9, grown / 1e9, unet_memory(configs, size).maps / 1e9,
        static_cast<double>(process_memory().peak) / 1e9, unet_memory(configs, size).sum() / 1e9);
  }
}
