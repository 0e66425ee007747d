#include "golden/svd_case.h"

#include <fstream>
#include <sstream>

#include "core/renamed_weights.h"
#include "core/weights.h"
#include "models/video_diffusion/weight_names.h"
#include "support/catch.h"
#include "support/fixtures.h"

namespace animate::test {
namespace {

namespace fs = std::filesystem;

const nlohmann::json& index() {
  static const nlohmann::json all = read_json(svd_root() / "index.json");
  return all;
}

fs::path numbers_of(const nlohmann::json& entry) {
  for (const auto& file : entry.at("files")) {
    fs::path path = svd_root() / file.get<std::string>();
    if (path.extension() == ".safetensors") return path;
  }
  FAIL("a case without arrays");
  return {};
}

// A line of a recipe: an array made of its name (see the fixtures' own page).
struct RecipeRow {
  std::vector<int64_t> shape;
  double base = 0;
  double scale = 0;
  uint32_t checksum = 0;
};

std::map<std::string, RecipeRow> read_recipe(const fs::path& path) {
  std::map<std::string, RecipeRow> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream parts(line);
    std::string name, shape, base, scale, checksum;
    std::getline(parts, name, '\t');
    std::getline(parts, shape, '\t');
    std::getline(parts, base, '\t');
    std::getline(parts, scale, '\t');
    std::getline(parts, checksum, '\t');
    rows[name] = {nlohmann::json::parse(shape).get<std::vector<int64_t>>(), std::stod(base), std::stod(scale),
                  static_cast<uint32_t>(std::stoul(checksum, nullptr, 16))};
  }
  REQUIRE_FALSE(rows.empty());
  return rows;
}

uint32_t crc32(const uint8_t* bytes, size_t count) {
  uint32_t sum = ~0U;
  for (size_t i = 0; i < count; ++i) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~sum;
}

torch::Tensor made_of(const std::string& name, const RecipeRow& row) {
  uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : name) hash = (hash ^ static_cast<uint8_t>(letter)) * 0x100000001B3ULL;
  auto array = torch::empty(row.shape, torch::kFloat);
  float* const numbers = array.data_ptr<float>();
  for (int64_t i = 0; i < array.numel(); ++i) {
    uint64_t z = hash + (static_cast<uint64_t>(i) + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    const double u = static_cast<double>(z >> 40) * 0x1p-24;
    numbers[i] = static_cast<float>(row.base + row.scale * (2 * u - 1));
  }
  INFO(name);
  REQUIRE(crc32(static_cast<const uint8_t*>(array.data_ptr()), array.nbytes()) == row.checksum);
  return array;
}

// What we computed in the order in which the original has it. Its maps of clips are [B, C, T, H, W] in the temporal
// half of a residual block, and its rows [B * P, T, C] inside a temporal transformer block, where ours stay a frame
// after the other; attention to the token is the same for every row, and ours is given once.
torch::Tensor as_original(const std::string& key, torch::Tensor actual, const torch::Tensor& expected, int64_t frames) {
  const bool inside_temporal = key.find("temporal_transformer_blocks.0.") != std::string::npos;
  if (key.ends_with(".attn2")) {
    if (!inside_temporal) return actual.unsqueeze(1).expand(expected.sizes());
    const int64_t pixels = expected.size(0) / actual.size(0);
    return actual.repeat_interleave(pixels, 0).unsqueeze(1).expand(expected.sizes());
  }
  if (expected.dim() == 5 && actual.dim() == 4) {
    return actual.view({-1, frames, actual.size(1), actual.size(2), actual.size(3)}).permute({0, 2, 1, 3, 4});
  }
  if (inside_temporal) {
    return actual.view({-1, frames, actual.size(1), actual.size(2)}).permute({0, 2, 1, 3}).flatten(0, 1);
  }
  if (key.ends_with("time_pos_embed")) return actual.repeat({expected.size(0) / actual.size(0), 1});
  return actual;
}

}  // namespace

fs::path svd_root() { return fixtures_root() / "svd"; }

SvdCase::SvdCase(const nlohmann::json& entry)
    : entry_(entry), numbers_(checkpoint::Checkpoint::open(numbers_of(entry))) {}

torch::Tensor SvdCase::tensor(const std::string& key) const {
  INFO(name() << " has no " << key);
  REQUIRE(has(key));
  const auto stored = core::read_tensor(numbers_.scope(""), key);
  return stored.scalar_type() == torch::kHalf ? stored.to(torch::kFloat) : stored;
}

std::vector<std::string> SvdCase::keys(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& key : numbers_.names()) {
    if (key.starts_with(prefix)) found.push_back(key);
  }
  return found;
}

double SvdCase::tolerance_of(const std::string& key, const torch::Tensor& expected) const {
  const auto seen = entry_.find("peak_seen_tolerance");
  if (seen != entry_.end() && seen->contains(key)) return seen->at(key).at(2).get<double>();
  const nlohmann::json& tolerance = entry_.at("tolerance");
  if (tolerance.contains("exact")) return 0;
  if (tolerance.contains("relative")) {
    return tolerance.at("relative").get<double>() * expected.abs().max().item<double>();
  }
  return tolerance.at("absolute").get<double>();
}

void SvdCase::compare(const std::string& key, const torch::Tensor& actual) {
  const std::string full = "expect/" + key;
  const auto expected = tensor(full).to(torch::kFloat64);
  INFO(name() << " " << full);
  REQUIRE(actual.sizes().vec() == expected.sizes().vec());
  const auto difference = (actual.detach().to(torch::kCPU, torch::kFloat64) - expected).abs();
  const double largest = difference.numel() == 0 ? 0.0 : difference.max().item<double>();
  CHECK(largest <= tolerance_of(full, expected));
  compared_.insert(full);
}

void SvdCase::compare_stages(const std::string& prefix, const torch::nn::Module& network,
                             const std::map<const torch::nn::Module*, torch::Tensor>& shown, int64_t frames) {
  const std::string before = "expect/" + prefix;
  std::map<std::string, const torch::nn::Module*> modules{{".0", &network}};
  for (const auto& item : network.named_modules("", /*include_self=*/false)) {
    modules[item.key()] = item.value().get();
  }
  for (const std::string& key : keys(before)) {
    const std::string module = key.substr(before.size());
    const auto found = modules.find(module);
    if (found == modules.end()) continue;
    const auto output = shown.find(found->second);
    INFO(name() << " " << key << " was not shown");
    REQUIRE(output != shown.end());
    compare(prefix + module, as_original(module, output->second, tensor(key), frames));
  }
}

void SvdCase::require_all_compared() const {
  for (const std::string& key : keys("expect/")) {
    INFO(name() << " " << key << " was not compared");
    CHECK(compared_.contains(key));
  }
}

void SvdCase::fill(torch::nn::Module& network, const std::string& prefix) const {
  auto arrays = core::expected_arrays(network, models::video_diffusion::own_name);
  const nlohmann::json& weights = entry_.at("weights");
  const torch::NoGradGuard no_grad;
  if (weights.contains("recipe")) {
    const auto rows = read_recipe(svd_root() / weights.at("recipe").get<std::string>());
    CHECK(rows.size() == arrays.size());
    for (auto& array : arrays) {
      INFO(array.name);
      REQUIRE(rows.contains(array.name));
      REQUIRE(rows.at(array.name).shape == array.shape);
      if (array.target.defined()) array.target.copy_(made_of(array.name, rows.at(array.name)));
    }
  } else {
    const auto file = checkpoint::Checkpoint::open(svd_root() / weights.at("file").get<std::string>());
    for (auto& array : arrays) {
      const std::string name = prefix + array.name;
      INFO(name);
      REQUIRE(file.contains(name));
      REQUIRE(file.info(name).shape == array.shape);
      if (array.target.defined()) core::fill_tensor(array.target, file.scope(""), name, "the case");
    }
  }
  network.eval();
}

std::vector<SvdCase> svd_cases(const std::string& kind) {
  std::vector<SvdCase> cases;
  for (const auto& entry : index().at("cases")) {
    if (entry.at("kind") == kind) cases.emplace_back(entry);
  }
  return cases;
}

std::vector<SvdCase> some_svd_cases(const std::string& kind) {
  auto cases = svd_cases(kind);
  INFO(kind);
  REQUIRE_FALSE(cases.empty());
  return cases;
}

const nlohmann::json* svd_entry(const std::string& name) {
  for (const auto& entry : index().at("cases")) {
    if (entry.at("name") == name) return &entry;
  }
  return nullptr;
}

models::video_diffusion::Configs svd_configs() {
  using namespace models::video_diffusion;
  const nlohmann::json* entry = svd_entry("checkpoint");
  REQUIRE(entry != nullptr);
  const nlohmann::json& all = entry->at("config");
  return {UnetConfig::parse(all.at("unet").dump(), "unet"), VaeConfig::parse(all.at("vae").dump(), "vae"),
          ClipConfig::parse(all.at("image_encoder").dump(), "clip")};
}

}  // namespace animate::test
