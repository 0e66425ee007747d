#include "train/run_setup.h"

#include <cstring>
#include <optional>

#include "base/error.h"
#include "train/config_changes.h"

namespace animate::train {
namespace {

constexpr const char* kConfig = "config";
constexpr const char* kSeed = "seed";
constexpr const char* kData = "data";
constexpr const char* kReconstruction = "reconstruction";

torch::Tensor to_bytes(const std::string& text) {
  auto bytes = torch::empty({static_cast<int64_t>(text.size())}, torch::kUInt8);
  std::memcpy(bytes.data_ptr(), text.data(), text.size());
  return bytes;
}

std::optional<torch::Tensor> find(const std::map<std::string, torch::Tensor>& extras, const char* name,
                                  torch::ScalarType type) {
  const auto found = extras.find(name);
  if (found == extras.end() || found->second.scalar_type() != type) return std::nullopt;
  return found->second.contiguous();
}

std::optional<std::string> find_text(const std::map<std::string, torch::Tensor>& extras, const char* name) {
  const auto bytes = find(extras, name, torch::kUInt8);
  if (!bytes) return std::nullopt;
  return std::string(static_cast<const char*>(bytes->data_ptr()), static_cast<size_t>(bytes->numel()));
}

}  // namespace

std::map<std::string, torch::Tensor> RunSetup::to_extras() const {
  return {{kConfig, to_bytes(config)},
          {kSeed, torch::tensor(seed, torch::kInt64)},
          {kData, to_bytes(data)},
          {kReconstruction, to_bytes(reconstruction)}};
}

void refuse_other_setup(const std::map<std::string, torch::Tensor>& extras, const RunSetup& now,
                        const std::string& shown) {
  if (const auto config = find_text(extras, kConfig)) refuse_changed_config(*config, now.config, shown);
  if (const auto seed = find(extras, kSeed, torch::kInt64); seed && seed->numel() == 1) {
    check(seed->item<int64_t>() == now.seed, ErrorKind::Usage, "{}: was begun with --seed {}; go on with the same",
          shown, seed->item<int64_t>());
  }
  const auto data = find_text(extras, kData).value_or(now.data);
  check(data == now.data, ErrorKind::Usage, "{}: was begun with {}; go on with the same", shown,
        data == "heads"   ? "--data heads"
        : data == "faces" ? "a folder or list of faces as --data"
                          : "a folder of clips as --data");
  const auto reconstruction = find_text(extras, kReconstruction).value_or(now.reconstruction);
  check(reconstruction == now.reconstruction, ErrorKind::Usage, "{}: was begun {} --vgg; go on {}", shown,
        reconstruction == "vgg19" ? "with" : "without", reconstruction == "vgg19" ? "with the same" : "without it");
}

}  // namespace animate::train
