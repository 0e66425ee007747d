#include "catalog/liveportrait_layout.h"

#include <array>
#include <chrono>
#include <fstream>

#include "base/error.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

// LivePortrait's weights as people have them. The files hold a few bytes: only their names and first bytes count here.
using namespace animate::catalog;
using namespace animate;
using test::error_of;
using test::TempDir;
namespace fs = std::filesystem;

namespace {

constexpr std::array kParts = {"appearance_feature_extractor", "motion_extractor", "spade_generator", "warping_module"};
constexpr const char* kStitching = "stitching_retargeting_module";

void put(const fs::path& file, const std::string& content = "PK\x03\x04 weights") {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

void put_networks(const fs::path& folder, const std::string& suffix,
                  const std::string& content = "PK\x03\x04 weights") {
  for (const char* network : kParts) put(folder / (network + suffix), content);
}

FoundModel found(const fs::path& folder) {
  const auto model = find_liveportrait(folder);
  REQUIRE(model.has_value());
  return *model;
}

// Where a network was found, as seen from `root`.
std::string place(const FoundModel& model, const fs::path& root, const char* network = "spade_generator") {
  const auto part = model.parts.find(network);
  return part == model.parts.end() ? "" : part->second.lexically_relative(root).lexically_normal().string();
}

}  // namespace

TEST_CASE("weights all in one folder, of either kind") {
  const TempDir dir;
  for (const std::string suffix : {".safetensors", ".pth"}) {
    const fs::path home = dir / ("flat" + suffix.substr(1));
    put_networks(home, suffix);
    put(home / (kStitching + suffix));
    put(home / "landmark.onnx");
    put(home / "models.yaml");
    const FoundModel model = found(home);
    CHECK(model.parts.size() == 5);
    CHECK(place(model, home) == "spade_generator" + suffix);
    CHECK(place(model, home, kStitching) == kStitching + suffix);
    CHECK(model.location() == home);
    CHECK(model.config == home / "models.yaml");
    CHECK(model.faces.landmarks203 == home / "landmark.onnx");
    CHECK(liveportrait_choice(home).empty());
  }
}

TEST_CASE("weights in base_models as safetensors, named by root, home and folder") {
  const TempDir dir;
  const fs::path home = dir / "liveportrait";
  put_networks(home / "base_models", ".safetensors");
  put(home / "retargeting_models" / (std::string(kStitching) + ".safetensors"));
  put(home / "models.yaml");
  for (const fs::path& folder : {dir.path(), home, home / "base_models"}) {
    INFO(folder);
    const FoundModel model = found(folder);
    CHECK(model.parts.size() == 5);
    CHECK(place(model, home) == "base_models/spade_generator.safetensors");
    CHECK(place(model, home, kStitching) == "retargeting_models/stitching_retargeting_module.safetensors");
    CHECK(model.config == home / "models.yaml");
  }
}

TEST_CASE("the animals' weights with the humans' retargeting file") {
  const TempDir dir;
  const fs::path animals = dir / "liveportrait_animals";
  put_networks(animals / "base_models_v1.1", ".pth");
  put(dir / "liveportrait/retargeting_models" / (std::string(kStitching) + ".pth"));
  FoundModel model = found(animals);
  CHECK(place(model, dir.path()) == "liveportrait_animals/base_models_v1.1/spade_generator.pth");
  CHECK(place(model, dir.path(), kStitching) == "liveportrait/retargeting_models/stitching_retargeting_module.pth");
  CHECK(model.location() == animals);
  CHECK(looks_like_animals(model));
  // Their own retargeting file comes first.
  put(animals / "retargeting_models" / (std::string(kStitching) + ".pth"));
  model = found(animals);
  CHECK(place(model, animals, kStitching) == "retargeting_models/stitching_retargeting_module.pth");
}

TEST_CASE("of two whole sets the newer one is taken, whatever the files' times, and it is said") {
  const TempDir dir;
  const fs::path home = dir / "liveportrait_animals";
  put_networks(home / "base_models", ".pth");
  put_networks(home / "base_models_v1.1", ".pth");
  const auto now = fs::file_time_type::clock::now();
  for (const bool old_is_newer : {false, true}) {
    for (const char* network : kParts) {
      const std::string file = std::string(network) + ".pth";
      fs::last_write_time(home / "base_models" / file, now + std::chrono::hours(old_is_newer ? 9 : -9));
    }
    CHECK(place(found(home), home) == "base_models_v1.1/spade_generator.pth");
  }
  const std::string taken = (home / "base_models_v1.1").string(), other = (home / "base_models").string();
  CHECK(liveportrait_choice(home) ==
        taken + "/*.pth: these weights are taken; " + other + "/*.pth would serve too: give the folder with -m for it");
  // The other one, by its folder.
  CHECK(place(found(home / "base_models"), home) == "base_models/spade_generator.pth");
}

TEST_CASE("a set that is not whole gives way to one that is") {
  const TempDir dir;
  const fs::path home = dir / "liveportrait";
  put_networks(home / "base_models", ".pth");
  put_networks(home / "base_models_v1.1", ".pth", "version https://git-lfs.github.com/spec/v1\n");
  CHECK(place(found(home), home) == "base_models/spade_generator.pth");
  put_networks(home / "base_models_v1.1", ".pth");
  fs::remove(home / "base_models_v1.1/motion_extractor.pth");
  CHECK(place(found(home), home) == "base_models/spade_generator.pth");
}

TEST_CASE("humans' weights come before animals' beside them") {
  const TempDir dir;
  put_networks(dir / "liveportrait/base_models", ".pth");
  put_networks(dir / "liveportrait_animals/base_models_v1.1", ".pth");
  const FoundModel model = found(dir.path());
  CHECK(place(model, dir.path()) == "liveportrait/base_models/spade_generator.pth");
  CHECK_FALSE(looks_like_animals(model));
  CHECK_THAT(liveportrait_choice(dir.path()), ContainsSubstring("liveportrait_animals/base_models_v1.1/*.pth would"));
  put_networks(dir / "other/pretrained_weights/liveportrait/base_models", ".pth");
  CHECK(place(found(dir / "other"), dir / "other") ==
        "pretrained_weights/liveportrait/base_models/spade_generator.pth");
}

TEST_CASE("both kinds of files together, and kinds mixed") {
  const TempDir dir;
  put_networks(dir.path(), ".pth");
  put_networks(dir.path(), ".safetensors");
  CHECK(place(found(dir.path()), dir.path()) == "spade_generator.pth");
  fs::remove(dir / "spade_generator.pth");
  CHECK(place(found(dir.path()), dir.path(), "motion_extractor") == "motion_extractor.safetensors");
  fs::remove(dir / "motion_extractor.safetensors");
  CHECK(place(found(dir.path()), dir.path()) == "spade_generator.safetensors");
  CHECK(place(found(dir.path()), dir.path(), "motion_extractor") == "motion_extractor.pth");
}

TEST_CASE("incomplete weights are refused with what is missing, other folders passed over") {
  const TempDir dir;
  const fs::path home = dir / "liveportrait";
  put(home / "base_models/motion_extractor.pth");
  CHECK(error_of(ErrorKind::Input, [&] { find_liveportrait(dir.path()); }) ==
        home.string() +
            ": the LivePortrait weights are incomplete, missing base_models/appearance_feature_extractor.pth, "
            "base_models/spade_generator.pth, base_models/warping_module.pth; download them from "
            "https://huggingface.co/KwaiVGI/LivePortrait into the same places");
  put(dir / "none/generator.pth");
  CHECK_FALSE(find_liveportrait(dir / "none").has_value());
  CHECK_FALSE(find_liveportrait(dir / "nowhere").has_value());
}
