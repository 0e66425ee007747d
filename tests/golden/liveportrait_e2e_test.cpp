// Whole jobs through the engine against the original's pictures: e2e of the fixture folder, with its scripted
// landmarks in place of the face networks.
#include <iostream>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "core/weights.h"
#include "engine/portrait/portrait_animation.h"
#include "media/image_io.h"
#include "models/liveportrait/networks.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/skip.h"
#include "support/temp_dir.h"

using namespace animate::catalog;
using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
using liveportrait::LivePortraitModel;
namespace fs = std::filesystem;

namespace {

fs::path jobs_root() { return test::fixtures_root() / "liveportrait"; }

Points2 pixels_of(const torch::Tensor& rows) {
  Points2 points(static_cast<size_t>(rows.size(0)));
  for (size_t i = 0; i < points.size(); ++i) {
    const auto row = rows[static_cast<int64_t>(i)];
    points[i] = {row[0].item<float>(), row[1].item<float>()};
  }
  return points;
}

// Says where the faces are, as the fixture's stand-ins for the face networks did.
class ScriptedFinder : public FaceFinder {
 public:
  explicit ScriptedFinder(const fs::path& file) : checkpoint_(Checkpoint::open(file)) {}

  std::vector<FoundFace> in_picture(const Image&, const std::string&) override {
    return {{pixels_of(tensor("source_106")), pixels_of(tensor("source_203")[0])}};
  }
  std::unique_ptr<FaceTrack> follow(FaceRole role, const std::string&) const override {
    return std::make_unique<Track>(tensor(role == FaceRole::Source ? "source_203" : "driving_203"));
  }
  bool has_points203() const override { return true; }
  std::vector<std::string> warnings() const override { return {}; }

 private:
  struct Track : FaceTrack {
    explicit Track(torch::Tensor rows) : rows_(std::move(rows)) {}
    std::optional<FoundFace> next(const Image&) override {
      const Points2 points = pixels_of(rows_[index_++]);
      return FoundFace{points, points};
    }
    torch::Tensor rows_;
    int64_t index_ = 0;
  };
  torch::Tensor tensor(const std::string& name) const { return read_tensor(checkpoint_.scope(""), name); }

  Checkpoint checkpoint_;
};

std::shared_ptr<const LivePortraitModel> load_model() {
  FoundModel found;
  found.name = "nets_A";
  found.config = jobs_root() / "nets_A" / "models.yaml";
  for (const char* network :
       {liveportrait::kAppearance, liveportrait::kMotion, liveportrait::kWarping, liveportrait::kSpade}) {
    found.parts[network] = jobs_root() / "nets_A" / "base_models" / (std::string(network) + ".pth");
  }
  found.parts[liveportrait::kRetargeting] =
      jobs_root() / "nets_A" / "retargeting_models" / (std::string(liveportrait::kRetargeting) + ".pth");
  AnimateOptions options;
  options.runtime.device.kind = DeviceChoice::Kind::Cpu;
  return LivePortraitModel::load(ModelFiles::open(found), options);
}

AnimateOptions options_of(const nlohmann::json& flags) {
  AnimateOptions options;
  LivePortraitOptions& portrait = options.liveportrait;
  portrait.compat = CompatibleWith::LivePortrait;
  options.output.audio.kind = SoundChoice::Kind::None;
  for (const auto& [flag, value] : flags.items()) {
    if (flag == "flag_eye_retargeting")
      portrait.eye_retargeting = value;
    else if (flag == "flag_lip_retargeting")
      portrait.lip_retargeting = value;
    else if (flag == "flag_relative_motion")
      options.motion.relative = value;
    else if (flag == "flag_normalize_lip")
      portrait.normalize_lip = value;
    else if (flag == "flag_do_crop")
      options.crop.crop.kind = value.get<bool>() ? CropChoice::Kind::Auto : CropChoice::Kind::None;
    else if (flag == "animation_region")
      TextField(portrait.animation_region).parse(value.get<std::string>());
    else
      throw std::runtime_error("the fixture sets an unknown flag " + flag);
  }
  return options;
}

// The fixture's made-up names stand for these frames.
fs::path input_of(const std::string& name) {
  const fs::path folder = jobs_root() / "e2e";
  if (name == "src.mp4") return folder / "source_%d.png";
  if (name == "drv.mp4") return folder / "driving_%d.png";
  return folder / name;
}

// Compares frame `index` of the result with every k-th sample of the original's.
void compare(const fs::path& picture, const Checkpoint& expected, const std::string& key, int64_t index) {
  INFO(key << " " << picture);
  const auto samples = read_tensor(expected.scope(""), key)[index].to(torch::kInt16);
  const auto step = std::stoll(key.substr(key.find("strided") + 7));
  const Image image = load_image(picture);
  auto pixels = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
  std::copy_n(image.data(), image.size_bytes(), pixels.data_ptr<uint8_t>());
  const auto mine = pixels.slice(0, 0, image.height(), step).slice(1, 0, image.width(), step).to(torch::kInt16);
  REQUIRE(mine.sizes().vec() == samples.sizes().vec());
  const auto difference = (mine - samples).abs().to(torch::kFloat);
  CHECK(difference.mean().item<double>() <= 0.05);
  CHECK((difference <= 1).to(torch::kFloat).mean().item<double>() >= 0.999);
}

}  // namespace

TEST_CASE("whole jobs give the original's pictures", "[optional]") {
  if (!fs::exists(jobs_root() / "e2e")) return test::skip("liveportrait/e2e is not in $ANIMATE_FIXTURES");
  const auto cases = test::read_json(jobs_root() / "e2e" / "cases.json").at("cases");
  REQUIRE(!cases.empty());
  const auto model = load_model();
  const test::TempDir folder;
  for (const auto& item : cases) {
    const auto name = item.at("name").get<std::string>();
    INFO(name);
    const auto expected = Checkpoint::open(jobs_root() / "e2e" / (name + ".safetensors"));
    for (const std::string prefix : {"result_strided", "concat_strided"}) {
      ScriptedFinder finder(jobs_root() / "e2e" / "landmarks.safetensors");
      AnimateOptions options = options_of(item.at("flags"));
      options.output.concat = prefix == "concat_strided";
      const auto frames = item.at("n_frames").get<int64_t>();
      const fs::path out = folder.path() / (name + prefix + (frames == 1 ? ".png" : "-%05d.png"));
      const AnimateJob job{input_of(item.at("source")), input_of(item.at("driving")), out, options};
      NoProgress progress;
      const AnimateSummary summary = run_portrait_animation(*model, checked_job(job), finder, progress, {});
      CHECK(summary.frames == frames);
      const auto& names = expected.names();
      const auto key =
          *std::find_if(names.begin(), names.end(), [&](const std::string& n) { return n.starts_with(prefix); });
      for (int64_t i = 0; i < frames; ++i) {
        const fs::path picture =
            frames == 1 ? out : folder.path() / fmt::format("{}{}-{:05d}.png", name, prefix, i + 1);
        compare(picture, expected, key, i);
      }
    }
  }
}
