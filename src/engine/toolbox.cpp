#include "animate/toolbox.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/file_kind.h"
#include "catalog/model_finder.h"
#include "catalog/weights_list.h"
#include "core/weights.h"
#include "engine/bench_clip.h"
#include "engine/bench_roofline.h"
#include "engine/describe_media.h"
#include "engine/film_crops.h"
#include "engine/head_clip.h"
#include "engine/translate_errors.h"
#include "models/bench_run.h"
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

class EngineToolbox : public Toolbox {
 public:
  std::string inspect(const std::filesystem::path& path) override {
    return engine::translate_errors([&] { return engine::describe_media(path); });
  }

  std::string convert(const std::filesystem::path& input, const std::filesystem::path& output,
                      const ConvertOptions& options) override {
    return engine::translate_errors([&] {
      check(output.extension() == ".safetensors", ErrorKind::Usage, "{}: the output must end in .safetensors",
            show(output));
      std::error_code ec;
      check(!std::filesystem::equivalent(input, output, ec) || ec, ErrorKind::Usage,
            "{}: is the input itself and would be overwritten; choose another output", show(output));
      const models::ModelFiles files = models::ModelFiles::open(found_at(input, options));
      const models::ModelFamily& family = models::family_of(files);
      check(family.pack != nullptr, ErrorKind::Model, "{}: has no weights to convert", files.name);
      models::PackedModel packed = family.pack(files);
      packed.metadata.insert({{"format", "animate-model"}, {"family", std::string(family.name)}});
      return write(packed, output, options.half);
    });
  }

  std::string heads(const std::filesystem::path& folder, const HeadsOptions& options) override {
    return engine::translate_errors([&] { return engine::write_head_clip(folder, options); });
  }

  std::vector<std::string> suggest_crops(const std::filesystem::path& film, const CropsOptions& options,
                                         Progress& progress, std::stop_token stop) override {
    return engine::translate_errors([&] { return engine::film_crops(film, options, progress, stop); });
  }

  BenchReport bench(const ModelSpec& spec, const BenchOptions& options) override {
    return engine::translate_errors([&] { return measure(spec, options); });
  }

 private:
  // A weights file of any name, or a folder of weights.
  static catalog::FoundModel found_at(const std::filesystem::path& input, const ConvertOptions& options) {
    if (std::filesystem::is_directory(input)) return catalog::find_model({input.string(), options.config});
    require_file(input, "a weights file or a model's folder");
    return {input.stem().string(), input, options.config, {}, {}};
  }

  static std::string write(const models::PackedModel& packed, const std::filesystem::path& output, bool half) {
    std::map<std::string, torch::Tensor> tensors;
    int64_t bytes = 0;
    for (const auto& [prefix, scope] : packed.scopes) {
      for (const std::string& name : scope.names()) {
        auto tensor = core::read_tensor(scope, name);
        // The running statistics span more than half can hold.
        const bool statistic = name.ends_with("running_var") || name.ends_with("running_mean");
        if (half && !statistic) tensor = halved(tensor, name, scope.checkpoint().name());
        bytes += static_cast<int64_t>(tensor.nbytes());
        tensors[prefix + "." + name] = std::move(tensor);
      }
    }
    for (const auto& [name, tensor] : packed.exact) {
      bytes += static_cast<int64_t>(tensor.nbytes());
      tensors[name] = tensor;
    }
    core::save_tensors(output, tensors, packed.metadata);
    return fmt::format("{} tensors, {:.1f} MB", tensors.size(), static_cast<double>(bytes) / 1e6);
  }

  static BenchReport measure(const ModelSpec& spec, BenchOptions options) {
    engine::check_bench_clip(options);
    engine::check_bench_roofline(options);
    options.layers = options.layers || !options.roofline.empty();
    BenchReport report = measure_networks(spec, options);
    if (!options.roofline.empty()) engine::write_bench_roofline(report, options);
    if (!options.clip.empty()) report.clip = engine::bench_clip(spec, options);
    return report;
  }

  // Of a published model whose networks need no config to be built.
  static std::optional<models::ModelFamily> family_of_published(const ModelSpec& spec) {
    if (spec.model.empty() || !spec.config.empty()) return std::nullopt;
    const catalog::WeightsList list = catalog::published_weights();
    const catalog::PublishedModel* published = list.of(spec.model);
    if (published == nullptr) return std::nullopt;
    for (const models::ModelFamily& family : models::model_families()) {
      if (family.one_form && family.name == published->family) return family;
    }
    return std::nullopt;
  }

  static BenchReport measure_networks(const ModelSpec& spec, const BenchOptions& options) {
    models::ModelFiles files;
    if (options.random_weights) {
      if (const auto family = family_of_published(spec)) {
        files.name = spec.model;
        return models::run_bench(*family, files, options);
      }
      check(!spec.config.empty(), ErrorKind::Usage, "--random-weights needs a config; add --config FILE.yaml");
      files.name = spec.config.stem().string();
      files.config = spec.config;
      return models::run_bench(models::family_of_config(spec.config), files, options);
    }
    files = models::ModelFiles::open(catalog::find_model(spec));
    const models::ModelFamily& family = models::family_of(files);
    check(family.bench != nullptr, ErrorKind::Usage, "-m {}: has no networks to measure; choose another model",
          files.name);
    return models::run_bench(family, files, options);
  }
};

}  // namespace

std::unique_ptr<Toolbox> make_toolbox() { return std::make_unique<EngineToolbox>(); }

}  // namespace animate
