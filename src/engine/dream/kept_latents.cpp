#include "engine/dream/kept_latents.h"

#include <map>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "core/weights.h"

namespace animate::engine {
namespace {

using models::video_diffusion::LatentsSoFar;
using Words = std::map<std::string, std::string>;

constexpr const char* kFamily = "video_diffusion_latents";
constexpr const char* kLatents = "latents";
constexpr const char* kBefore = "before";
constexpr const char* kRemembered = "remembered.";
constexpr const char* kStep = "step";
constexpr const char* kRun = "run";

// What has to be the same for the steps that are left to belong to those that are done.
Words options_of(const DreamOptions& options, const DreamPlan& plan) {
  return {{"sampler", std::string(word_of(options.sampler))},
          {"steps", std::to_string(plan.steps)},
          {"seed", std::to_string(options.seed)}};
}

std::string word_at(const checkpoint::Checkpoint& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  check(found != file.metadata().end(), ErrorKind::Input,
        "{}: holds no latents that --keep-latents kept; give such a file", file.name());
  return found->second;
}

int64_t count_at(const checkpoint::Checkpoint& file, const std::string& key) {
  const std::string word = word_at(file, key);
  const bool number = !word.empty() && word.size() < 8 && word.find_first_not_of("0123456789") == std::string::npos;
  check(number, ErrorKind::Input, "{}: '{}' is no number; give latents that --keep-latents kept", file.name(), key);
  return std::stoll(word);
}

}  // namespace

void save_latents(const std::filesystem::path& file, const LatentsSoFar& latents, const DreamOptions& options,
                  const DreamPlan& plan, int64_t run) {
  std::map<std::string, torch::Tensor> arrays{{kLatents, latents.latents}};
  if (latents.sampler.before.defined()) arrays[kBefore] = latents.sampler.before;
  for (size_t i = 0; i < latents.sampler.remembered.size(); ++i) {
    arrays[kRemembered + std::to_string(i)] = latents.sampler.remembered[i];
  }
  Words words = options_of(options, plan);
  words.insert({{"family", kFamily}, {kStep, std::to_string(latents.sampler.at)}, {kRun, std::to_string(run)}});
  core::save_tensors(file, arrays, words);
}

LatentsSoFar read_latents(const std::filesystem::path& path, const DreamOptions& options, const DreamPlan& plan) {
  const auto file = checkpoint::Checkpoint::open(path);
  check(word_at(file, "family") == kFamily, ErrorKind::Input,
        "{}: holds no latents that --keep-latents kept; give such a file", file.name());
  for (const auto& [name, now] : options_of(options, plan)) {
    const std::string then = word_at(file, name);
    check(then == now, ErrorKind::Usage, "{}: was kept with --{} {}, and this job has {}; give the same", file.name(),
          name, then, now);
  }
  check(count_at(file, kRun) == 0 && plan.runs == 1, ErrorKind::Usage,
        "{}: only a clip of one run goes on from latents; leave out --length", file.name());
  const auto scope = file.scope("");
  check(scope.contains(kLatents), ErrorKind::Input, "{}: holds no latents; give a file that --keep-latents kept",
        file.name());
  LatentsSoFar latents;
  latents.latents = core::read_tensor(scope, kLatents);
  latents.sampler.at = count_at(file, kStep);
  const auto read = [&](const std::string& name) {
    auto tensor = core::read_tensor(scope, name);
    check(tensor.sizes() == latents.latents.sizes(), ErrorKind::Input,
          "{}: '{}' is of another size than the latents; give a file that --keep-latents kept", file.name(), name);
    return tensor;
  };
  if (scope.contains(kBefore)) latents.sampler.before = read(kBefore);
  for (size_t i = 0; scope.contains(kRemembered + std::to_string(i)); ++i) {
    latents.sampler.remembered.push_back(read(kRemembered + std::to_string(i)));
  }
  return latents;
}

}  // namespace animate::engine
