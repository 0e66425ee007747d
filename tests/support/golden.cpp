#include "support/golden.h"

#include <algorithm>
#include <cmath>

#include "core/weights.h"
#include "support/catch.h"

namespace animate::test {

GoldenCase::GoldenCase(const std::filesystem::path& root, std::string name, const nlohmann::json& index)
    : root_(root),
      name_(std::move(name)),
      index_(index),
      checkpoint_(checkpoint::Checkpoint::open(root / index.at(name_).at("file").get<std::string>())) {}

std::filesystem::path GoldenCase::config() const { return root_ / index_.at(name_).at("config").get<std::string>(); }

std::vector<std::filesystem::path> GoldenCase::checkpoints() const {
  // Written as "checkpoints/base.{legacy,zip}.pth.tar".
  const auto pattern = index_.at(name_).at("checkpoint").get<std::string>();
  const size_t open = pattern.find('{');
  const size_t close = pattern.find('}');
  std::vector<std::filesystem::path> paths;
  for (const char* container : {"legacy", "zip"}) {
    auto path = root_ / (pattern.substr(0, open) + container + pattern.substr(close + 1));
    if (std::filesystem::exists(path)) paths.push_back(std::move(path));
  }
  return paths;
}

torch::Tensor GoldenCase::tensor(const std::string& key) const { return core::read_tensor(checkpoint_.scope(""), key); }

std::vector<std::string> GoldenCase::keys(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& key : checkpoint_.names()) {
    if (key.starts_with(prefix)) found.push_back(key);
  }
  return found;
}

void GoldenCase::compare(const std::string& key, const torch::Tensor& actual) {
  const std::string name = "expect/" + key;
  if (!has(name)) return;
  INFO(name_ << " " << name);
  const auto expected = tensor(name).to(torch::kFloat64);
  REQUIRE(actual.defined());
  REQUIRE(actual.sizes().vec() == expected.sizes().vec());
  const double tolerance = index_.at(name_).at("keys").at(name).value("tol", 0.0) * (device().is_cpu() ? 1 : 10);
  const auto difference = (actual.detach().to(torch::kCPU, torch::kFloat64) - expected).abs();
  const double largest = difference.numel() == 0 ? 0.0 : difference.max().item<double>();
  CHECK(std::isfinite(largest));
  CHECK(largest <= tolerance);
  compared_.insert(name);
}

void GoldenCase::compare_noise(const std::string& key, const torch::Tensor& actual, double bound) {
  const std::string name = "expect/" + key;
  if (!has(name)) return;
  INFO(name_ << " " << name);
  CHECK(actual.sizes().vec() == tensor(name).sizes().vec());
  CHECK(actual.detach().abs().max().item<double>() < bound);
  compared_.insert(name);
}

void GoldenCase::require_all_compared() const {
  for (const std::string& key : keys("expect/")) {
    INFO(name_ << " " << key << " was not compared");
    CHECK(compared_.contains(key));
  }
}

std::vector<std::string> golden_cases(const nlohmann::json& index, const std::filesystem::path& root,
                                      const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : index.items()) {
    const bool here = std::filesystem::exists(root / entry.at("file").get<std::string>());
    if (name.starts_with(prefix) && here) names.push_back(name);
  }
  return names;
}

GoldenCase fomm_case(const std::string& name) {
  static const auto root = fixtures_root() / "fomm";
  static const nlohmann::json index = read_json(root / "index.json");
  return {root, name, index};
}

}  // namespace animate::test
