// The networks of Stable Video Diffusion, block by block, against diffusers' and transformers' numbers.
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <map>

#include "core/nn/attention.h"
#include "core/nn/group_norm.h"
#include "core/nn/stage_observer.h"
#include "golden/svd_case.h"
#include "models/video_diffusion/clip_vision.h"
#include "models/video_diffusion/unet.h"
#include "models/video_diffusion/vae_decoder.h"
#include "models/video_diffusion/vae_encoder.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate;
using namespace animate::models::video_diffusion;
using core::nn::StageObserver;
using test::some_svd_cases;
using test::SvdCase;

namespace {

// Collects what modules show; the last output of each.
struct Collected {
  test::Shown shown;
  StageObserver observer{
      [this](const torch::nn::Module& module, const torch::Tensor& output) { shown[&module] = output.clone(); }};
};

std::map<std::string, const core::nn::GroupNormImpl*> norms_of(const torch::nn::Module& network) {
  std::map<std::string, const core::nn::GroupNormImpl*> norms;
  for (const auto& item : network.named_modules("", /*include_self=*/false)) {
    if (const auto* norm = dynamic_cast<const core::nn::GroupNormImpl*>(item.value().get())) norms[item.key()] = norm;
  }
  return norms;
}

// A UNet with the levels, layers and attention that a list of its norms tells of; sizes do not matter to eps.
UnetConfig structure_of(const nlohmann::json& norms) {
  UnetConfig config;
  config.channels.clear();
  config.attends.clear();
  const auto has = [&](size_t level, const std::string& rest) {
    return norms.contains("down_blocks." + std::to_string(level) + rest);
  };
  for (size_t level = 0; has(level, ".resnets.0.spatial_res_block.norm1"); ++level) {
    config.channels.push_back(core::nn::kNormGroups);
    config.attends.push_back(has(level, ".attentions.0.norm"));
  }
  config.heads.assign(config.channels.size(), 1);
  config.layers = 0;
  while (has(0, ".resnets." + std::to_string(config.layers) + ".spatial_res_block.norm1")) ++config.layers;
  return config;
}

void compare_unet(SvdCase& golden) {
  const c10::InferenceMode guard;
  const VideoUnet unet(UnetConfig::parse(golden.config_text(), golden.name()));
  golden.fill(*unet.ptr());
  Collected seen;
  const auto output = unet->forward(golden.input("sample"), golden.input("timestep").item<double>(),
                                    golden.input("encoder_hidden_states").squeeze(1), golden.input("added_time_ids"));
  golden.compare("output", output);
  golden.compare_stages("block/", *unet, seen.shown, golden.input("sample").size(1));
  golden.require_all_compared();
}

}  // namespace

TEST_CASE("the UNet's output and stages are the original's, also where an eps shows") {
  for (SvdCase& golden : some_svd_cases("svd_unet")) compare_unet(golden);
}

TEST_CASE("every GroupNorm of the UNet has the original's eps") {
  const nlohmann::json* entry = test::svd_entry("groupnorm_eps");
  REQUIRE(entry != nullptr);
  const auto facts = test::read_json(test::svd_root() / entry->at("files").at(0).get<std::string>());
  for (const auto& [name, norms_there] : facts.items()) {
    INFO(name);
    const VideoUnet unet(structure_of(norms_there));
    const auto norms = norms_of(*unet);
    CHECK(norms.size() == norms_there.size());
    for (const auto& [module, fact] : norms_there.items()) {
      INFO(module);
      REQUIRE(norms.contains(module));
      CHECK(norms.at(module)->eps() == fact.at("eps").get<double>());
      CHECK(norms.at(module)->groups() == fact.at("groups").get<int64_t>());
    }
  }
}

TEST_CASE("single blocks are the originals', their spatial and temporal halves apart", "[optional]") {
  auto cases = test::svd_cases("svd_blocks");
  if (cases.empty()) return test::skip("svd/blocks.safetensors is not in $ANIMATE_FIXTURES");
  const c10::InferenceMode guard;
  for (SvdCase& golden : cases) {
    const auto& config = golden.config();
    const int64_t frames = config.at("frames");
    const int64_t embedding = config.at("temb");
    const auto temb = golden.input("temb");
    const auto channels = [&](const char* input) { return golden.input(input).size(1); };
    const auto compare_res = [&](const std::string& name, ResBlockForm form) {
      form.in = channels(name.c_str());
      form.out = golden.tensor("expect/" + name + "/output").size(1);
      const VideoResBlock block(form);
      golden.fill(*block.ptr(), "weights/" + name + "/");
      const auto given = form.embedding > 0 ? temb : torch::Tensor();
      Collected seen;
      golden.compare(name + "/output", block->forward(golden.input(name), given, frames));
      golden.compare_stages(name + "/", *block, seen.shown, frames);
      if (golden.has("expect/" + name + "/output_image_only")) {
        golden.compare(name + "/output_image_only", block->forward(golden.input(name), given, 0));
      }
    };
    compare_res("unet_res", {0, 0, embedding, 1e-6, 1e-6});
    compare_res("unet_res_eps5", {0, 0, embedding, 1e-5, 1e-5});
    compare_res("vae_res", {0, 0, 0, kVaeEps, kVaeTimeEps, true});

    const TransformerForm form{channels("transformer"), config.at("heads").get<int64_t>(),
                               config.at("cross").get<int64_t>()};
    const VideoTransformer transformer(form);
    golden.fill(*transformer.ptr(), "weights/transformer/");
    {
      Collected seen;
      golden.compare("transformer/output",
                     transformer->forward(golden.input("transformer"), golden.input("token").squeeze(1), frames));
      golden.compare_stages("transformer/", *transformer, seen.shown, frames);
    }
    const PixelAttention attention(channels("vae_attention"));
    golden.fill(*attention.ptr(), "weights/vae_attention/");
    golden.compare("vae_attention/output", attention->forward(golden.input("vae_attention")));
    golden.require_all_compared();
  }
}

TEST_CASE("pictures become the original's latents") {
  const c10::InferenceMode guard;
  for (SvdCase& golden : some_svd_cases("svd_vae_encode")) {
    const VaeEncoder encoder(VaeConfig::parse(golden.config_text(), golden.name()));
    golden.fill(*encoder.ptr());
    Collected seen;
    golden.compare("moments", encoder->moments(golden.input("images")));
    golden.compare_stages("block/", *encoder, seen.shown, 1);
    golden.compare("mode", encoder->mode(golden.input("images")));
    golden.require_all_compared();
  }
}

TEST_CASE("latents become the original's frames, as many at once as it decodes") {
  const c10::InferenceMode guard;
  for (SvdCase& golden : some_svd_cases("svd_vae_decode")) {
    const VaeDecoder decoder(VaeConfig::parse(golden.config_text(), golden.name()));
    golden.fill(*decoder.ptr());
    const auto latents = golden.input("latents");
    for (const auto& chunk : golden.entry().at("chunks")) {
      const bool all = chunk.is_string();
      const std::string key = "chunk_" + (all ? chunk.get<std::string>() : chunk.dump());
      Collected seen;
      std::vector<torch::Tensor> frames;
      for (const auto& some : latents.split(all ? latents.size(0) : chunk.get<int64_t>())) {
        frames.push_back(decoder->forward(some));
      }
      golden.compare(key, torch::cat(frames));
      golden.compare_stages(key + "/block/", *decoder, seen.shown, latents.size(0));
    }
    golden.require_all_compared();
  }
}

TEST_CASE("what CLIP sees in a picture is the original's, layer by layer") {
  const c10::InferenceMode guard;
  for (SvdCase& golden : some_svd_cases("clip_vision")) {
    const ClipVision clip(ClipConfig::parse(golden.config_text(), golden.name()));
    golden.fill(*clip.ptr(), golden.entry().at("weights").at("prefix"));
    Collected seen;
    golden.compare("image_embeds", clip->forward(golden.input("pixel_values")));
    for (const auto& item : clip->named_modules("", /*include_self=*/false)) {
      const std::string key = item.key() == "vision_model.post_layernorm" ? "vision_model.pooler_output" : item.key();
      const auto found = seen.shown.find(item.value().get());
      if (!key.starts_with("vision_model.") || found == seen.shown.end()) continue;
      const std::string name = key.substr(std::string("vision_model.").size());
      if (golden.has("expect/" + name)) golden.compare(name, found->second);
    }
    golden.require_all_compared();
  }
}

TEST_CASE("attention in blocks is attention, whatever the blocks are") {
  const c10::InferenceMode guard;
  torch::manual_seed(3);
  const int64_t heads = 3;
  const auto q = torch::randn({2, 17, 24});
  const auto k = torch::randn({2, 11, 24});
  const auto v = torch::randn({2, 11, 24});
  const auto split = [&](const torch::Tensor& x) { return x.view({2, -1, heads, 8}).transpose(1, 2); };
  const auto weights = torch::softmax(split(q).matmul(split(k).transpose(2, 3)) / std::sqrt(8.0), -1);
  const auto expected = weights.matmul(split(v)).transpose(1, 2).reshape(q.sizes());
  const auto gap = [&](const torch::Tensor& got) { return (got - expected).abs().max().item<double>(); };
  CHECK(gap(core::nn::attend(q, k, v, heads)) < 1e-6);
  // One query at a time, three, all of one sequence, all of both.
  const int64_t of_query = 2 * heads * 11 * 4;
  for (const int64_t bytes : {int64_t{1}, 3 * of_query, 17 * of_query, 40 * of_query}) {
    CHECK(gap(core::nn::attend_in_blocks(q, k, v, heads, bytes)) < 1e-6);
  }
}
