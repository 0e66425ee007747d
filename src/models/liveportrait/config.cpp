#include "models/liveportrait/config.h"

#include <algorithm>
#include <array>

#include "models/yaml_config.h"

namespace animate::models::liveportrait {
namespace {

// Far above any published value; keeps a hostile config from asking for terabytes.
constexpr int64_t kMaxChannels = 8192;
constexpr int64_t kMaxBlocks = 12;
constexpr const char* kFamily = "LivePortrait";

using enum KeyType;
constexpr auto kSchema = std::to_array<SchemaKey>({
    {"model_params", Section},
    {"model_params.appearance_feature_extractor_params", Section},
    {"model_params.appearance_feature_extractor_params.image_channel", Int},
    {"model_params.appearance_feature_extractor_params.block_expansion", Int},
    {"model_params.appearance_feature_extractor_params.num_down_blocks", Int},
    {"model_params.appearance_feature_extractor_params.max_features", Int},
    {"model_params.appearance_feature_extractor_params.reshape_channel", Int},
    {"model_params.appearance_feature_extractor_params.reshape_depth", Int},
    {"model_params.appearance_feature_extractor_params.num_resblocks", Int},
    {"model_params.motion_extractor_params", Section},
    {"model_params.motion_extractor_params.num_kp", Int},
    {"model_params.motion_extractor_params.backbone", String},
    {"model_params.motion_extractor_params.num_bins", Int},
    {"model_params.motion_extractor_params.depths", List},
    {"model_params.motion_extractor_params.dims", List},
    {"model_params.warping_module_params", Section},
    {"model_params.warping_module_params.num_kp", Int},
    {"model_params.warping_module_params.block_expansion", Int},
    {"model_params.warping_module_params.max_features", Int},
    {"model_params.warping_module_params.num_down_blocks", Int},
    {"model_params.warping_module_params.reshape_channel", Int},
    {"model_params.warping_module_params.estimate_occlusion_map", Bool},
    {"model_params.warping_module_params.dense_motion_params", Section},
    {"model_params.warping_module_params.dense_motion_params.block_expansion", Int},
    {"model_params.warping_module_params.dense_motion_params.max_features", Int},
    {"model_params.warping_module_params.dense_motion_params.num_blocks", Int},
    {"model_params.warping_module_params.dense_motion_params.reshape_depth", Int},
    {"model_params.warping_module_params.dense_motion_params.compress", Int},
    {"model_params.spade_generator_params", Section},
    {"model_params.spade_generator_params.upscale", Int},
    {"model_params.spade_generator_params.block_expansion", Int},
    {"model_params.spade_generator_params.max_features", Int},
    {"model_params.spade_generator_params.num_down_blocks", Int},
    {"model_params.spade_generator_params.out_channels", Int},
    {"model_params.stitching_retargeting_module_params", Section},
    {"model_params.stitching_retargeting_module_params.stitching", Section},
    {"model_params.stitching_retargeting_module_params.stitching.input_size", Int},
    {"model_params.stitching_retargeting_module_params.stitching.hidden_sizes", List},
    {"model_params.stitching_retargeting_module_params.stitching.output_size", Int},
    {"model_params.stitching_retargeting_module_params.lip", Section},
    {"model_params.stitching_retargeting_module_params.lip.input_size", Int},
    {"model_params.stitching_retargeting_module_params.lip.hidden_sizes", List},
    {"model_params.stitching_retargeting_module_params.lip.output_size", Int},
    {"model_params.stitching_retargeting_module_params.eye", Section},
    {"model_params.stitching_retargeting_module_params.eye.input_size", Int},
    {"model_params.stitching_retargeting_module_params.eye.hidden_sizes", List},
    {"model_params.stitching_retargeting_module_params.eye.output_size", Int},
});

std::vector<int64_t> widths(const YamlSection& section, const std::string& key, const std::string& shown,
                            const std::vector<int64_t>& fallback) {
  auto list = section.get<std::vector<int64_t>>(key, fallback);
  const bool sound = !list.empty() && list.size() <= 64 && std::all_of(list.begin(), list.end(), [](int64_t width) {
    return width > 0 && width <= kMaxChannels;
  });
  check(sound, ErrorKind::Model, "{}: '{}' must be a list of widths from 1 to {}; correct the config", shown, key,
        kMaxChannels);
  return list;
}

MlpConfig read_mlp(const YAML::Node& root, const std::string& name, const std::string& shown, MlpConfig published) {
  const YamlSection section(root, "model_params.stitching_retargeting_module_params." + name, shown, kFamily);
  if (!section.present()) return published;
  return {section.whole("input_size", 1, kMaxChannels), widths(section, "hidden_sizes", shown, published.hidden_sizes),
          section.whole("output_size", 1, kMaxChannels)};
}

void check_consistency(const Config& config, const std::string& shown) {
  const auto& [appearance, motion, warping, spade] =
      std::tie(config.appearance, config.motion, config.warping, config.spade);
  const int64_t volume = appearance.reshape_channel * appearance.reshape_depth;
  check(appearance.max_features == volume && warping.max_features == volume, ErrorKind::Model,
        "{}: max_features of the appearance extractor ({}) and of the warping module ({}) must both be reshape_channel "
        "x reshape_depth, {}; correct the config",
        shown, appearance.max_features, warping.max_features, volume);
  check(warping.reshape_channel == appearance.reshape_channel &&
            warping.dense_motion.reshape_depth == appearance.reshape_depth,
        ErrorKind::Model,
        "{}: warping module and appearance extractor differ in reshape_channel or reshape_depth; "
        "correct the config",
        shown);
  check(warping.num_kp == motion.num_kp, ErrorKind::Model,
        "{}: num_kp is {} for the motion extractor and {} for the warping module; correct the config", shown,
        motion.num_kp, warping.num_kp);
  const int64_t warped = warping.block_expansion << warping.num_down_blocks;
  const int64_t expected = std::min(spade.max_features, spade.block_expansion << spade.num_down_blocks);
  check(warped == expected, ErrorKind::Model,
        "{}: the warping module gives {} channels and the spade generator expects {}; correct the config", shown,
        warped, expected);
  check(motion.depths.size() == 4 && motion.dims.size() == 4, ErrorKind::Model,
        "{}: depths and dims of the motion extractor must list four stages; correct the config", shown);
}

Config read(const YAML::Node& root, const std::string& shown) {
  Config config;
  const YamlSection f(root, "model_params.appearance_feature_extractor_params", shown, kFamily);
  config.appearance = {f.whole("image_channel", 3, 3),
                       f.whole("block_expansion", 1, kMaxChannels),
                       f.whole("num_down_blocks", 0, kMaxBlocks),
                       f.whole("max_features", 1, kMaxChannels),
                       f.whole("reshape_channel", 1, kMaxChannels),
                       f.whole("reshape_depth", 2, kMaxChannels),
                       f.whole("num_resblocks", 0, 256)};
  const YamlSection m(root, "model_params.motion_extractor_params", shown, kFamily);
  config.motion.num_kp = m.whole("num_kp", 1, 1024);
  config.motion.num_bins = m.whole("num_bins", 1, 1024, 66);
  config.motion.depths = widths(m, "depths", shown, config.motion.depths);
  config.motion.dims = widths(m, "dims", shown, config.motion.dims);
  const auto backbone = m.get<std::string>("backbone", "convnextv2_tiny");
  check(backbone == "convnextv2_tiny", ErrorKind::Model,
        "{}: the motion extractor's backbone is {}, this program knows convnextv2_tiny; give such weights", shown,
        backbone);
  const YamlSection w(root, "model_params.warping_module_params", shown, kFamily);
  const YamlSection d(root, "model_params.warping_module_params.dense_motion_params", shown, kFamily);
  config.warping = {w.whole("num_kp", 1, 1024),
                    w.whole("block_expansion", 1, kMaxChannels),
                    w.whole("max_features", 1, kMaxChannels),
                    w.whole("num_down_blocks", 0, kMaxBlocks),
                    w.whole("reshape_channel", 1, kMaxChannels),
                    w.get<bool>("estimate_occlusion_map", true),
                    {d.whole("block_expansion", 1, kMaxChannels), d.whole("max_features", 1, kMaxChannels),
                     d.whole("num_blocks", 1, kMaxBlocks), d.whole("reshape_depth", 2, kMaxChannels),
                     d.whole("compress", 1, kMaxChannels)}};
  const YamlSection g(root, "model_params.spade_generator_params", shown, kFamily);
  config.spade = {g.whole("upscale", 1, 8), g.whole("block_expansion", 1, kMaxChannels),
                  g.whole("max_features", 1, kMaxChannels), g.whole("num_down_blocks", 0, kMaxBlocks),
                  g.whole("out_channels", 1, kMaxChannels, 64)};
  config.stitching = read_mlp(root, "stitching", shown, config.stitching);
  config.lip = read_mlp(root, "lip", shown, config.lip);
  config.eye = read_mlp(root, "eye", shown, config.eye);
  check_consistency(config, shown);
  return config;
}

}  // namespace

Config Config::parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings) {
  return parse_yaml(yaml, shown, [&](const YAML::Node& root) {
    check(root.IsMap(), ErrorKind::Model,
          "{}: is not a LivePortrait config (a YAML file with model_params); give that file", shown);
    check_against_schema(root, kSchema, shown, warnings);
    Config config = read(root, shown);
    config.yaml = yaml;
    return config;
  });
}

Config Config::load(const std::filesystem::path& path, std::vector<std::string>* warnings) {
  return parse(read_config_text(path), show(path), warnings);
}

}  // namespace animate::models::liveportrait
