#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "models/video_diffusion/told_config.h"

namespace animate::test {

std::filesystem::path svd_root();

// One case of <root>/svd/index.json: its inputs, its expectations, and which of these were compared.
class SvdCase {
 public:
  explicit SvdCase(const nlohmann::json& entry);

  std::string name() const { return entry_.at("name"); }
  const nlohmann::json& entry() const { return entry_; }
  const nlohmann::json& config() const { return entry_.at("config"); }
  // The config as the text of a file of its own.
  std::string config_text() const { return config().dump(); }
  std::filesystem::path file(size_t i) const { return svd_root() / entry_.at("files").at(i).get<std::string>(); }

  bool has(const std::string& key) const { return numbers_.contains(key); }
  // Of the case's first file, widened to float where it is half.
  torch::Tensor tensor(const std::string& key) const;
  torch::Tensor input(const std::string& key) const { return tensor("input/" + key); }
  std::vector<std::string> keys(const std::string& prefix) const;

  // "expect/<key>" within its tolerance.
  void compare(const std::string& key, const torch::Tensor& actual);
  // The same of what a network's modules showed, "expect/<prefix><module>" each; `frames` of a clip. Modules that the
  // case does not ask for are left out.
  void compare_stages(const std::string& prefix, const torch::nn::Module& network,
                      const std::map<const torch::nn::Module*, torch::Tensor>& shown, int64_t frames);
  void require_all_compared() const;

  // Fills a network from a file of the case (checkpoint/…), from arrays of the first file below `prefix`, or from the
  // recipe, whichever the case says.
  void fill(torch::nn::Module& network, const std::string& prefix = "") const;

 private:
  double tolerance_of(const std::string& key, const torch::Tensor& expected) const;

  const nlohmann::json& entry_;
  checkpoint::Checkpoint numbers_;
  std::set<std::string> compared_;
};

// The cases of a kind; none where the folder does not hold it. The copy in tests/data holds fewer than the whole set.
std::vector<SvdCase> svd_cases(const std::string& kind);
// The same, of which there must be some.
std::vector<SvdCase> some_svd_cases(const std::string& kind);
// The entry of a case without arrays of its own; null where the folder does not hold it.
const nlohmann::json* svd_entry(const std::string& name);

// The configs of the checkpoint, which both its forms hold.
models::video_diffusion::Configs svd_configs();

// Shows what the modules of a network computed while it lives.
using Shown = std::map<const torch::nn::Module*, torch::Tensor>;

}  // namespace animate::test
