#include "animate/toolbox.h"

#include <algorithm>

#include "base/error.h"
#include "catalog/model_finder.h"
#include "core/weights.h"
#include "engine/describe_media.h"
#include "engine/translate_errors.h"
#include "models/fomm/fomm_bench.h"
#include "models/fomm/fomm_model.h"
#include "models/registry.h"

namespace animate {
namespace {

torch::Tensor halved(const torch::Tensor& tensor, const std::string& name, const std::string& file) {
  if (!tensor.is_floating_point()) return tensor;
  const auto half = tensor.to(torch::kHalf);
  check(torch::isfinite(half).all().item<bool>() || !torch::isfinite(tensor).all().item<bool>(), ErrorKind::Model,
        "{}: {} does not fit into 16 bits; convert without --half", file, name);
  return half;
}

// A config named after the identity of the weights, for find_config().
ModelFiles files_of(const FoundModel& found) {
  ModelFiles files{found.name, std::nullopt, found.config};
  if (!found.weights.empty()) files.weights = Checkpoint::open(found.weights);
  return files;
}

class EngineToolbox : public Toolbox {
 public:
  std::string inspect(const std::filesystem::path& path) override {
    return translate_errors([&] { return describe_media(path); });
  }

  std::string convert(const std::filesystem::path& input, const std::filesystem::path& output,
                      const ConvertOptions& options) override {
    return translate_errors([&] {
      check(output.extension() == ".safetensors", ErrorKind::Usage, "{}: the output must end in .safetensors",
            show(output));
      std::error_code ec;
      check(!std::filesystem::equivalent(input, output, ec) || ec, ErrorKind::Usage,
            "{}: is the input itself and would be overwritten; choose another output", show(output));
      ModelFiles files{input.stem().string(), Checkpoint::open(input), options.config};
      check(fomm::FommModel::matches(*files.weights), ErrorKind::Model,
            "{}: is not a checkpoint of a model that this program knows; give one with generator and kp_detector",
            files.weights->name());
      const fomm::Config config = fomm::find_config(files);
      // Building the networks proves that config and weights belong together before anything is written.
      fomm::Networks(config).load(*files.weights);
      return write(*files.weights, config, output, options.half);
    });
  }

  BenchReport bench(const ModelSpec& spec, const BenchOptions& options) override {
    return translate_errors([&] { return run_bench(spec, options); });
  }

 private:
  static std::string write(const Checkpoint& weights, const fomm::Config& config, const std::filesystem::path& output,
                           bool half) {
    std::map<std::string, torch::Tensor> tensors;
    int64_t bytes = 0;
    for (const char* network : {"kp_detector", "generator"}) {
      const CheckpointScope scope = weights.scope(network);
      for (const std::string& name : scope.names()) {
        auto tensor = read_tensor(scope, name);
        // The running statistics span more than half can hold.
        const bool statistic = name.ends_with("running_var") || name.ends_with("running_mean");
        if (half && !statistic) tensor = halved(tensor, name, weights.name());
        bytes += static_cast<int64_t>(tensor.nbytes());
        tensors[std::string(network) + "." + name] = std::move(tensor);
      }
    }
    std::map<std::string, std::string> metadata{
        {"format", "animate-model"}, {"family", "fomm"}, {"config", config.yaml}};
    if (const auto align = weights.metadata().find("align_corners"); align != weights.metadata().end()) {
      metadata["align_corners"] = align->second;
    }
    save_tensors(output, tensors, metadata);
    return fmt::format("{} tensors, {:.1f} MB", tensors.size(), static_cast<double>(bytes) / 1e6);
  }

  static BenchReport run_bench(const ModelSpec& spec, const BenchOptions& options) {
    ModelFiles files;
    if (options.random_weights) {
      check(!spec.config.empty(), ErrorKind::Usage, "--random-weights needs a config; add --config FILE.yaml");
      files.name = spec.config.stem().string();
      files.config = spec.config;
    } else {
      files = files_of(find_model(spec));
      check(files.weights.has_value(), ErrorKind::Usage, "-m {}: has no networks to measure; choose another model",
            files.name);
    }
    return fomm::bench(files, options);
  }
};

}  // namespace

std::unique_ptr<Toolbox> make_toolbox() { return std::make_unique<EngineToolbox>(); }

}  // namespace animate
