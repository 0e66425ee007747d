#include "models/video_diffusion/video_weights.h"

#include <array>

#include "base/error.h"
#include "models/video_diffusion/weight_names.h"
#include "models/yaml_config.h"

namespace animate::models::video_diffusion {
namespace {

namespace fs = std::filesystem;
using checkpoint::Checkpoint;
using core::ExpectedArray;

constexpr const char* kUnetName = "the UNet";
constexpr const char* kVaeName = "the autoencoder";
constexpr const char* kClipName = "the image encoder";

// Full precision first; half is the same model to three digits.
constexpr auto kWeightFiles = std::to_array<const char*>(
    {"diffusion_pytorch_model.safetensors", "model.safetensors", "diffusion_pytorch_model.fp16.safetensors",
     "model.fp16.safetensors", "diffusion_pytorch_model.bin", "pytorch_model.bin"});

fs::path find_weights(const fs::path& folder) {
  for (const char* name : kWeightFiles) {
    if (fs::exists(folder / name)) return folder / name;
  }
  fail(ErrorKind::Input, "{}: holds no weights; it needs {} or its .fp16 form, as the model's page has them",
       show(folder),
       folder.filename() == "image_encoder" ? "model.safetensors" : "diffusion_pytorch_model.safetensors");
}

std::string read_part_config(const fs::path& folder) {
  check(fs::is_directory(folder), ErrorKind::Input,
        "{}: is missing; an image-to-video model's folder holds unet, vae and image_encoder", show(folder));
  return read_config_text(folder / "config.json");
}

template <typename Network>
void fill(Network& network, const checkpoint::CheckpointScope& scope, const core::NameTable& names, const char* what) {
  auto arrays = core::expected_arrays(*network, names);
  core::fill_arrays(arrays, scope, what);
  network->eval();
}

void append(std::vector<ExpectedArray>& all, const torch::nn::Module& network, const core::NameTable& names) {
  auto arrays = core::expected_arrays(network, names);
  all.insert(all.end(), arrays.begin(), arrays.end());
}

}  // namespace

VideoWeights::VideoWeights(std::string name, const Configs& configs, Part unet, Part vae, Part clip)
    : name_(std::move(name)), configs_(configs), unet_(std::move(unet)), vae_(std::move(vae)), clip_(std::move(clip)) {}

VideoWeights VideoWeights::open(const fs::path& path, const std::optional<Configs>& configs) {
  if (!fs::is_directory(path)) return of_single_file(Checkpoint::open(path), configs);
  const auto unet = path / "unet";
  const auto vae = path / "vae";
  const auto clip = path / "image_encoder";
  Configs read;
  read.unet = UnetConfig::parse(read_part_config(unet), show(unet / "config.json"));
  read.vae = VaeConfig::parse(read_part_config(vae), show(vae / "config.json"));
  read.clip = ClipConfig::parse(read_part_config(clip), show(clip / "config.json"));
  return of_parts(Checkpoint::open(find_weights(unet)), Checkpoint::open(find_weights(vae)),
                  Checkpoint::open(find_weights(clip)), configs.value_or(read));
}

VideoWeights VideoWeights::of_parts(const Checkpoint& unet, const Checkpoint& vae, const Checkpoint& clip,
                                    const Configs& configs) {
  VideoWeights weights(unet.name(), configs, {unet.scope(""), own_name}, {vae.scope(""), own_name},
                       {clip.scope(""), own_name});
  weights.check_all(/*one_file=*/false);
  return weights;
}

VideoWeights VideoWeights::of_single_file(const Checkpoint& file, const std::optional<Configs>& given) {
  const Configs configs = given ? *given : told_configs(file);
  const auto scope = file.scope("");
  VideoWeights weights(file.name(), configs, {scope, single_file_names(configs.unet)},
                       {scope, single_file_names(configs.vae)}, {scope, single_file_names(configs.clip)});
  weights.check_all(/*one_file=*/true);
  return weights;
}

// Networks whose memory is claimed and never touched tell what they expect.
void VideoWeights::check_all(bool one_file) const {
  std::vector<ExpectedArray> unet;
  std::vector<ExpectedArray> vae;
  std::vector<ExpectedArray> clip;
  append(unet, *VideoUnet(configs_.unet), unet_.names);
  append(vae, *VaeEncoder(configs_.vae), vae_.names);
  append(vae, *VaeDecoder(configs_.vae), vae_.names);
  append(clip, *ClipVision(configs_.clip), clip_.names);
  if (one_file) {
    std::vector<ExpectedArray> all = std::move(unet);
    all.insert(all.end(), vae.begin(), vae.end());
    all.insert(all.end(), clip.begin(), clip.end());
    core::check_arrays(all, unet_.scope, "the image-to-video model", is_unused);
    return;
  }
  const auto none = [](const std::string&) { return false; };
  core::check_arrays(unet, unet_.scope, kUnetName, none);
  core::check_arrays(vae, vae_.scope, kVaeName, none);
  core::check_arrays(clip, clip_.scope, kClipName, is_position_list);
}

VideoUnet VideoWeights::load_unet() const {
  VideoUnet network(configs_.unet);
  fill(network, unet_.scope, unet_.names, kUnetName);
  return network;
}

VaeEncoder VideoWeights::load_encoder() const {
  VaeEncoder network(configs_.vae);
  fill(network, vae_.scope, vae_.names, kVaeName);
  return network;
}

VaeDecoder VideoWeights::load_decoder() const {
  VaeDecoder network(configs_.vae);
  fill(network, vae_.scope, vae_.names, kVaeName);
  return network;
}

ClipVision VideoWeights::load_clip() const {
  ClipVision network(configs_.clip);
  fill(network, clip_.scope, clip_.names, kClipName);
  return network;
}

}  // namespace animate::models::video_diffusion
