#pragma once

#include <torch/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "checkpoint/checkpoint.h"
#include "support/device.h"
#include "support/fixtures.h"

namespace animate::test {

// One case of a fixture folder: its inputs, its expectations, and which of these were compared. Driven by
// <root>/fomm/index.json, so that another folder of the same layout with other widths passes untouched.
class GoldenCase {
 public:
  GoldenCase(const std::filesystem::path& root, std::string name, const nlohmann::json& index);

  const std::string& name() const { return name_; }
  std::filesystem::path config() const;
  // The two encodings of the case's checkpoint.
  std::vector<std::filesystem::path> checkpoints() const;

  bool has(const std::string& key) const { return checkpoint_.contains(key); }
  torch::Tensor tensor(const std::string& key) const;
  // On test::device().
  torch::Tensor input(const std::string& key) const { return tensor("input/" + key).to(test::device()); }
  std::vector<std::string> keys(const std::string& prefix) const;

  // Compares `actual` with "expect/<key>" if the case holds it, within the tolerance of the index, or ten times that on
  // another device than the CPU, whose libraries choose among ways to convolve; marks it compared.
  void compare(const std::string& key, const torch::Tensor& actual);
  // For gradients that are zero in exact arithmetic, of which only rounding noise is stored: `actual` must stay below
  // `bound`; marks "expect/<key>" compared.
  void compare_noise(const std::string& key, const torch::Tensor& actual, double bound);
  // Fails for every "expect/" tensor that was never compared: a parity test must not skip in silence.
  void require_all_compared() const;

 private:
  std::filesystem::path root_;
  std::string name_;
  const nlohmann::json& index_;
  checkpoint::Checkpoint checkpoint_;
  std::set<std::string> compared_;
};

// Names of the cases in <root>/fomm/index.json whose file exists and whose name starts with `prefix`: the copy in
// tests/data holds fewer of a kind than the whole set does.
std::vector<std::string> golden_cases(const nlohmann::json& index, const std::filesystem::path& root,
                                      const std::string& prefix);

// The case of the folder fomm with that very name; throws where the folder does not hold it.
GoldenCase fomm_case(const std::string& name);

}  // namespace animate::test
