#pragma once

#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "core/weights.h"
#include "models/autoencoder/config.h"
#include "support/catch.h"
#include "support/fixtures.h"

namespace animate::test {

inline std::filesystem::path autoencoder_root() { return fixtures_root() / "autoencoder"; }

// One case: what its files hold, and which of the expectations were compared.
class AutoencoderCase {
 public:
  explicit AutoencoderCase(const nlohmann::json& entry) : entry_(entry) {
    for (const auto& file : entry.at("files")) {
      const std::filesystem::path path = autoencoder_root() / file.get<std::string>();
      if (path.extension() == ".safetensors") files_.push_back(checkpoint::Checkpoint::open(path));
    }
  }

  std::string name() const { return entry_.at("name"); }
  const nlohmann::json& config() const { return entry_.at("config"); }
  std::filesystem::path file(size_t i) const {
    return autoencoder_root() / entry_.at("files").at(i).get<std::string>();
  }
  models::autoencoder::Config sizes() const {
    return {config().at("width").get<int64_t>(), config().at("codes").get<int64_t>()};
  }

  bool has(const std::string& key) const {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const checkpoint::Checkpoint& file) { return file.contains(key); });
  }
  torch::Tensor tensor(const std::string& key) const {
    for (const checkpoint::Checkpoint& file : files_) {
      if (file.contains(key)) return core::read_tensor(file.scope(""), key);
    }
    FAIL(name() << " has no " << key);
    return {};
  }
  torch::Tensor input(const std::string& key) const { return tensor("input/" + key); }

  // "expect/<key>", if the case holds it, within its tolerance.
  void compare(const std::string& key, const torch::Tensor& actual) {
    const std::string full = "expect/" + key;
    if (!has(full)) return;
    INFO(name() << " " << full);
    const auto expected = tensor(full).to(torch::kFloat64);
    REQUIRE(actual.sizes().vec() == expected.sizes().vec());
    const auto difference = (actual.detach().to(torch::kCPU, torch::kFloat64) - expected).abs();
    const double largest = difference.numel() == 0 ? 0.0 : difference.max().item<double>();
    CHECK(largest <= tolerance_of(full));
    compared_.insert(full);
  }

  void require_all_compared(const std::set<std::string>& but = {}) const {
    for (const std::string& key : files_.front().names()) {
      if (!key.starts_with("expect/") || but.contains(key)) continue;
      INFO(name() << " " << key << " was not compared");
      CHECK(compared_.contains(key));
    }
  }

 private:
  double tolerance_of(const std::string& key) const {
    const auto seen = entry_.find("peak_seen_tolerance");
    if (seen != entry_.end() && seen->contains(key)) return seen->at(key).at(2).get<double>();
    const nlohmann::json& tolerance = entry_.at("tolerance");
    if (tolerance.contains("exact")) return 0;
    if (key.find("faces") != std::string::npos && tolerance.contains("faces"))
      return tolerance.at("faces").get<double>();
    if (key.ends_with("_u8") || key.find("/cropped_") != std::string::npos ||
        key.find("/resized_") != std::string::npos) {
      return tolerance.at("u8").get<double>();
    }
    return tolerance.at("absolute").get<double>();
  }

  const nlohmann::json& entry_;
  std::vector<checkpoint::Checkpoint> files_;
  std::set<std::string> compared_;
};

// The cases of a kind; there must be some.
inline std::vector<AutoencoderCase> cases_of(const std::string& kind) {
  static const nlohmann::json index = read_json(autoencoder_root() / "index.json");
  std::vector<AutoencoderCase> cases;
  for (const auto& entry : index.at("cases")) {
    if (entry.at("kind") == kind) cases.emplace_back(entry);
  }
  REQUIRE_FALSE(cases.empty());
  return cases;
}

}  // namespace animate::test
