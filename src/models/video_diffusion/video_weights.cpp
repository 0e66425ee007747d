#include "models/video_diffusion/video_weights.h"

#include "base/error.h"
#include "catalog/video_layout.h"
#include "models/video_diffusion/packed_weights.h"
#include "models/video_diffusion/weight_names.h"

namespace animate::models::video_diffusion {
namespace {

namespace fs = std::filesystem;
using checkpoint::Checkpoint;
using core::ExpectedArray;

constexpr const char* kUnetName = "the UNet";
constexpr const char* kVaeName = "the autoencoder";
constexpr const char* kClipName = "the image encoder";

fs::path find_weights(const fs::path& folder) {
  if (fs::path file = catalog::video_network_file(folder); !file.empty()) return file;
  fail(ErrorKind::Input, "{}: holds no weights; it needs {} or its .fp16 form, as the model's page has them",
       show(folder),
       folder.filename() == "image_encoder" ? "model.safetensors" : "diffusion_pytorch_model.safetensors");
}

std::string read_part_config(const fs::path& folder) {
  check(fs::is_directory(folder), ErrorKind::Input,
        "{}: is missing; an image-to-video model's folder holds unet, vae and image_encoder", show(folder));
  return config_text(folder);
}

template <typename Network>
void fill(Network& network, const checkpoint::CheckpointScope& scope, const core::NameTable& names, const char* what) {
  auto arrays = core::expected_arrays(*network, names);
  core::fill_arrays(arrays, scope, what);
  network->eval();
}

int64_t numbers_of(const std::vector<ExpectedArray>& arrays) {
  int64_t sum = 0;
  for (const ExpectedArray& array : arrays) {
    int64_t product = 1;
    for (const int64_t side : array.shape) product *= side;
    sum += product;
  }
  return sum;
}

void append(std::vector<ExpectedArray>& all, const torch::nn::Module& network, const core::NameTable& names) {
  auto arrays = core::expected_arrays(network, names);
  all.insert(all.end(), arrays.begin(), arrays.end());
}

}  // namespace

VideoWeights::VideoWeights(std::string name, const Configs& configs, Part unet, Part vae, Part clip)
    : name_(std::move(name)), configs_(configs), unet_(std::move(unet)), vae_(std::move(vae)), clip_(std::move(clip)) {}

VideoWeights VideoWeights::open(const fs::path& path, const std::optional<Configs>& configs, const fs::path& unet) {
  VideoWeights weights = fs::is_directory(path) ? parts(path, configs, unet) : single(path, configs);
  if (!unet.empty()) weights.replace_unet(unet);
  weights.check_all();
  return weights;
}

// Where another UNet is given, the folder need not hold one.
VideoWeights VideoWeights::parts(const fs::path& folder, const std::optional<Configs>& given, const fs::path& unet) {
  const auto config = [&](const char* part) { return read_part_config(folder / part); };
  const auto shown = [&](const char* part) { return show(folder / part / "config.json"); };
  Configs configs;
  configs.unet = UnetConfig::parse(config("unet"), shown("unet"));
  configs.vae = VaeConfig::parse(config("vae"), shown("vae"));
  configs.clip = ClipConfig::parse(config("image_encoder"), shown("image_encoder"));
  const auto part = [](const fs::path& file) { return Part{file, Checkpoint::open(file).scope(""), own_name}; };
  const Part first = part(unet.empty() ? find_weights(folder / "unet") : unet);
  const Part second = part(find_weights(folder / "vae"));
  const Part third = part(find_weights(folder / "image_encoder"));
  return VideoWeights(fs::weakly_canonical(folder).filename().string(), given.value_or(configs), first, second, third);
}

VideoWeights VideoWeights::single(const fs::path& path, const std::optional<Configs>& given) {
  const Checkpoint file = Checkpoint::open(path);
  if (is_packed(file)) {
    const auto part = [&](const char* network) { return Part{path, file.scope(network), own_name}; };
    return VideoWeights(path.stem().string(), given ? *given : packed_configs(file), part("unet"), part("vae"),
                        part("image_encoder"));
  }
  const Configs configs = given ? *given : told_configs(file);
  const auto scope = file.scope("");
  return VideoWeights(path.stem().string(), configs, {path, scope, single_file_names(configs.unet)},
                      {path, scope, single_file_names(configs.vae)}, {path, scope, single_file_names(configs.clip)});
}

void VideoWeights::replace_unet(const fs::path& path) {
  const Checkpoint file = Checkpoint::open(path);
  const auto names = single_file_names(configs_.unet);
  unet_ = {path, file.scope(""), file.contains(names("conv_in.weight").name) ? names : core::NameTable(own_name)};
}

// Networks whose memory is claimed and never touched tell what they expect.
void VideoWeights::check_all() {
  std::vector<ExpectedArray> unet;
  std::vector<ExpectedArray> vae;
  std::vector<ExpectedArray> clip;
  append(unet, *VideoUnet(configs_.unet), unet_.names);
  append(vae, *VaeEncoder(configs_.vae), vae_.names);
  append(vae, *VaeDecoder(configs_.vae), vae_.names);
  append(clip, *ClipVision(configs_.clip), clip_.names);
  parameters_ = numbers_of(unet) + numbers_of(vae) + numbers_of(clip);
  const auto none = [](const std::string&) { return false; };
  const bool one_file = is_single_file(vae_.scope.checkpoint());
  const bool own_unet = unet_.file == vae_.file;
  if (!one_file) {
    core::check_arrays(unet, unet_.scope, kUnetName, none);
    core::check_arrays(vae, vae_.scope, kVaeName, none);
    core::check_arrays(clip, clip_.scope, kClipName, is_position_list);
    return;
  }
  std::vector<ExpectedArray> all = std::move(vae);
  all.insert(all.end(), clip.begin(), clip.end());
  if (own_unet) {
    all.insert(all.end(), unet.begin(), unet.end());
    core::check_arrays(all, vae_.scope, "the image-to-video model", is_unused);
  } else {
    core::check_arrays(unet, unet_.scope, kUnetName, none);
    // The file's own UNet stays where it is.
    core::check_arrays(all, vae_.scope, "the image-to-video model", [](const std::string& name) {
      return is_unused(name) || name.starts_with("model.diffusion_model.");
    });
  }
}

std::map<std::string, fs::path> VideoWeights::files() const {
  std::map<std::string, fs::path> all;
  for (const auto& [network, part] : {std::pair("unet", &unet_), {"vae", &vae_}, {"image_encoder", &clip_}}) {
    all[network] = part->file;
  }
  if (all["unet"] == all["vae"]) return {{"weights", all["unet"]}};
  return all;
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
