#include "train/model_export.h"

#include "core/weights.h"

namespace animate::train {

void export_model(const std::filesystem::path& path, const TrainingNetworks& networks,
                  const models::fomm::Config& model, const TrainConfig& config, const std::string& training) {
  std::map<std::string, torch::Tensor> tensors;
  const auto add = [&](const std::string& prefix, const torch::nn::Module& module) {
    const auto keep = [&](const std::string& name, const torch::Tensor& tensor) {
      const bool statistic = name.ends_with("running_var") || name.ends_with("running_mean");
      tensors[prefix + name] = tensor.is_floating_point() && !statistic ? tensor.to(torch::kHalf) : tensor;
    };
    for (const auto& item : module.named_parameters()) keep(item.key(), item.value());
    for (const auto& item : module.named_buffers()) keep(item.key(), item.value());
  };
  add("generator.", *networks.generator);
  add("kp_detector.", *networks.detector);
  core::save_tensors(path, tensors,
                     {{"format", "animate-model"},
                      {"family", "fomm"},
                      {"config", model.yaml},
                      {"align_corners", config.align_corners ? "on" : "off"},
                      {"training", training}});
}

}  // namespace animate::train
