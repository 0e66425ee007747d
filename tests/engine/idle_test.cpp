// Motion without a clip through whole jobs.
#include "animate/model.h"

#include <array>
#include <map>

#include "base/error.h"
#include "core/weights.h"
#include "engine/idle_driver.h"
#include "engine/idle_heads.h"
#include "engine/portrait_samples.h"
#include "heads/head_geometry.h"
#include "media/image_io.h"
#include "models/fomm/detect_config.h"
#include "models/fomm/fomm_model.h"
#include "motion/face_template.h"
#include "motion/template_file.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

namespace fs = std::filesystem;

// A tiny FOMM with random weights, which says that it was trained on drawn heads, or does not.
fs::path tiny_fomm(const TempDir& dir, int64_t points, bool heads) {
  torch::manual_seed(7);
  fomm::Config config;
  config.num_kp = points;
  config.num_channels = 3;
  config.estimate_jacobian = true;
  config.frame_width = config.frame_height = 64;
  config.kp_detector = {8, 16, 2, 0.1, 0.25, false, 0};
  config.generator = {8, 16, 2, 1, true, true, {8, 16, 2, 0.25, 0.01}};
  const fomm::Networks networks(config);
  std::map<std::string, torch::Tensor> tensors;
  const auto add = [&](const std::string& prefix, const torch::nn::Module& module) {
    for (const auto& item : module.named_parameters()) tensors[prefix + item.key()] = item.value();
    for (const auto& item : module.named_buffers()) tensors[prefix + item.key()] = item.value();
  };
  add("generator.", *networks.generator);
  add("kp_detector.", *networks.detector);
  std::string yaml = fomm::to_yaml(config);
  if (heads) {
    const std::string section = "dataset_params:";
    const size_t at = yaml.find(section);
    REQUIRE(at != std::string::npos);
    yaml.insert(at + section.size(), "\n  root_dir: heads");
    yaml += "\ntrain_params:\n  loss_weights:\n    keypoint_supervision: 10\n";
  }
  const fs::path path = dir / (heads ? "heads.safetensors" : "plain.safetensors");
  core::save_tensors(path, tensors, {{"format", "animate-model"}, {"family", "fomm"}, {"config", yaml}});
  return path;
}

AnimateSummary run(const Model& model, const AnimateJob& job) {
  NoProgress silent;
  return model.run(job, silent);
}

}  // namespace

TEST_CASE("a model trained on drawn heads is known by its config, and lives with as many points as it has") {
  const TempDir dir;
  save_image(dir / "head.png", test::shaded_picture(64, 64, 3));
  for (const int64_t points : {12, 17}) {
    const auto model = open_model({tiny_fomm(dir, points, true).string(), {}});
    AnimateJob job{dir / "head.png", kIdleDriver, dir / "living.mkv", {}};
    job.options.idle.seconds = 0.4;
    check_job(job);
    CHECK(run(*model, job).frames == 10);
    NoProgress silent;
    const TemplateJob stored{kIdleDriver, dir / "idle.motion", job.options};
    check_job(stored);
    CHECK(model->run(stored, silent).frames == 10);
    const MotionTemplate motion = load_motion_template(dir / "idle.motion");
    CHECK(motion.family == "fomm");
    CHECK(motion.frames.front().arrays.at("value").shape == std::vector<int64_t>{1, points, 2});
    CHECK(motion.frames.front().arrays.at("jacobian").shape == std::vector<int64_t>{1, points, 2, 2});
    // Driven by the file it is the same.
    job.driving = dir / "idle.motion";
    job.options.idle = {};
    CHECK(run(*model, job).frames == 10);
  }
}

TEST_CASE("other models are refused in one sentence") {
  const TempDir dir;
  save_image(dir / "head.png", test::shaded_picture(64, 64, 3));
  const auto model = open_model({tiny_fomm(dir, 12, false).string(), {}});
  const AnimateJob job{dir / "head.png", kIdleDriver, dir / "living.mkv", {}};
  CHECK(error_of(ErrorKind::Model, [&] { run(*model, job); }) ==
        "plain: is a model of the family fomm that was not trained on drawn heads, so nobody knows which of its points "
        "is an eye or a mouth, and --idle has nothing to move; use the drawn heads (-m heads) or LivePortrait, or a "
        "driver");
  CHECK_FALSE(fs::exists(dir / "living.mkv"));
}

TEST_CASE("blinks bring the lids of a head together, and speech opens its mouth") {
  IdleState rest, shut, loud;
  shut.lid = 1;
  loud.mouth = 1;
  const auto motions = idle_heads(std::array{rest, shut, loud}, heads::kKeypoints);
  const auto y = [&](size_t frame, size_t point) { return motions[frame].arrays.at("value").values[2 * point + 1]; };
  CHECK(y(0, heads::kLeftLowerLid) - y(0, heads::kLeftUpperLid) > 0.01F);
  CHECK(y(1, heads::kLeftLowerLid) - y(1, heads::kLeftUpperLid) <
        0.3F * (y(0, heads::kLeftLowerLid) - y(0, heads::kLeftUpperLid)));
  CHECK(y(2, heads::kLowerLip) > y(0, heads::kLowerLip) + 0.01F);
  // Twelve points tell of both by their frames: the second column shrinks, and grows.
  const auto j11 = [&](size_t frame, size_t point) {
    return motions[frame].arrays.at("jacobian").values[4 * point + 3];
  };
  CHECK(j11(1, heads::kLeftEye) < 0.3F * j11(0, heads::kLeftEye));
  CHECK(j11(2, heads::kLowerLip) > 1.5F * j11(0, heads::kLowerLip));
}

TEST_CASE("LivePortrait's motion is made by its sliders, for both kinds of file") {
  const auto model = test::small_liveportrait();
  const TempDir dir;
  AnimateOptions options;
  options.idle.seconds = 2;
  options.idle.seed = 4;
  for (const char* name : {"idle.motion", "idle.pkl"}) {
    NoProgress silent;
    const CheckedTemplateJob job = checked_job(TemplateJob{kIdleDriver, dir / name, options});
    CHECK(write_idle_template(model->info(), job).frames == 50);
    const FaceTemplate face = to_face_template(load_motion_template(dir / name), name);
    CHECK(face.frames.size() == 50);
    CHECK(face.frame_rate == Rational{25, 1});
    CHECK(face.has_ratios());
  }
}

TEST_CASE("what has no effect, or no sense, is refused") {
  const TempDir dir;
  save_image(dir / "a.png", test::shaded_picture(64, 64, 3));
  AnimateJob job{dir / "a.png", kIdleDriver, dir / "out.mkv", {}};
  const auto usage = [&] { return error_of(ErrorKind::Usage, [&] { check_job(job); }); };
  job.options.idle.seconds = 0;
  CHECK(usage() == "--seconds 0: is not a length from 0.2 to 3600 seconds; give one, as in --seconds 10");
  job.options.idle = {};
  job.options.motion.relative = false;
  CHECK(usage() ==
        "--no-relative: takes the driver's pose itself, and without a driver there are only changes; leave it out");
  job.options.motion.relative = true;
  job.options.idle.talk = dir / "a.png";
  error_of(ErrorKind::Input, [&] { check_job(job); });
  job.options.idle.talk.clear();
  job.driving = dir / "a.png";
  job.options.idle.seed = 3;
  CHECK(usage() ==
        "--seconds, --seed, --liveliness and --talk are of motion without a clip; give --idle in place of a driver, or "
        "leave them out");
}
