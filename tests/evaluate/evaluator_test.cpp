// Whole evaluations: the identity model, whose numbers are known, and a tiny FOMM with random weights.
#include "animate/evaluator.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/weights.h"
#include "media/image_io.h"
#include "models/fomm/detect_config.h"
#include "models/fomm/fomm_model.h"
#include "onnx/onnx_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/temp_dir.h"

using namespace animate::core;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

std::filesystem::path tiny_model(const TempDir& dir, const std::string& name, uint64_t seed, int64_t points = 12) {
  torch::manual_seed(seed);
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
  save_tensors(dir / name, tensors,
               {{"format", "animate-model"}, {"family", "fomm"}, {"config", fomm::to_yaml(config)}});
  return dir / name;
}

EvaluateJob small_job(const std::vector<std::string>& models) {
  EvaluateJob job;
  job.models = models;
  job.options.heads = 2;
  job.options.pairs = 1;
  job.options.transfers = 1;
  job.options.frames = 5;
  return job;
}

EvaluationReport evaluate(const EvaluateJob& job, std::stop_token stop = {}) {
  NoProgress progress;
  return make_evaluator()->evaluate(job, progress, stop);
}

const EvaluatedFigure& figure(const EvaluatedModel& model, const std::string& part, const std::string& name) {
  for (const EvaluatedPart& p : model.parts) {
    if (p.name != part) continue;
    for (const EvaluatedFigure& f : p.figures) {
      if (f.name == name) return f;
    }
  }
  FAIL("no figure " << part << " " << name);
  throw std::logic_error("unreachable");
}

bool has(const EvaluatedModel& model, const std::string& name) {
  for (const EvaluatedPart& part : model.parts) {
    for (const EvaluatedFigure& f : part.figures) {
      if (f.name == name) return true;
    }
  }
  return false;
}

// Two clips of flat frames, every frame another level.
std::filesystem::path flat_clips(const TempDir& dir, int frames) {
  for (const std::string clip : {"one", "two"}) {
    const auto folder = dir / "data/test" / clip;
    std::filesystem::create_directories(folder);
    for (int i = 0; i < frames; ++i) {
      Image image(64, 64);
      std::fill_n(image.data(), image.size_bytes(), static_cast<uint8_t>(40 + 20 * i));
      save_image(folder / fmt::format("{}.png", i), image);
    }
  }
  std::filesystem::create_directories(dir / "data/train/one");
  save_image(dir / "data/train/one/0.png", load_image(dir / "data/test/one/0.png"));
  return dir / "data";
}

}  // namespace

TEST_CASE("the identity model reconstructs without a fault") {
  const EvaluationReport report = evaluate(small_job({"identity"}));
  REQUIRE(report.models.size() == 1);
  const EvaluatedModel& model = report.models.front();
  CHECK(figure(model, "reconstruction", "l1").mean == 0);
  CHECK(std::isinf(figure(model, "reconstruction", "psnr").mean));
  CHECK(figure(model, "reconstruction", "ssim").mean == Approx(1));
  // It echoes the driver, whose identity is another: transfer must not look perfect.
  CHECK(figure(model, "transfer", "l1").mean > 0.02);
  CHECK(figure(model, "transfer", "skin_colour").mean > 0);
  CHECK(figure(model, "transfer", "skin_shape").mean == 0);  // nothing answers to the source's skin
  CHECK_FALSE(has(model, "keypoint_error"));
  CHECK_FALSE(has(model, "yaw"));
}

TEST_CASE("a FOMM with the heads' keypoints gets every figure, and the same ones again") {
  const TempDir dir;
  const std::string path = tiny_model(dir, "tiny.safetensors", 5);
  EvaluateJob job = small_job({path});
  job.options.frames = 45;  // long enough for a blink
  const EvaluationReport first = evaluate(job), second = evaluate(job);
  REQUIRE(first.models.front().parts.size() == 2);
  for (const char* name :
       {"l1", "psnr", "ssim", "keypoint_error", "feature_error", "frame_error", "mouth_l1", "eyes_psnr", "counted",
        "skin_colour", "skin_shape", "yaw", "mouth", "blink", "yaw_driver", "jitter", "jitter_real"}) {
    INFO(name);
    CHECK(has(first.models.front(), name));
  }
  for (size_t p = 0; p < 2; ++p) {
    const auto& a = first.models.front().parts[p].figures;
    const auto& b = second.models.front().parts[p].figures;
    REQUIRE(a.size() == b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      INFO(a[i].name);
      CHECK(std::isfinite(a[i].mean));
      CHECK(a[i].mean == b[i].mean);
    }
  }
  EvaluateJob other = small_job({path});
  other.options.seed = 200000;
  CHECK(figure(evaluate(other).models.front(), "reconstruction", "l1").mean !=
        figure(first.models.front(), "reconstruction", "l1").mean);
}

TEST_CASE("a model with other keypoints has no keypoint figures") {
  const TempDir dir;
  const EvaluationReport report = evaluate(small_job({tiny_model(dir, "ten.safetensors", 5, 10)}));
  CHECK(has(report.models.front(), "l1"));
  CHECK_FALSE(has(report.models.front(), "keypoint_error"));
  CHECK_FALSE(has(report.models.front(), "blink"));
}

TEST_CASE("a model that carries lids and lips too is measured on all its points") {
  const TempDir dir;
  const EvaluationReport report = evaluate(small_job({tiny_model(dir, "more.safetensors", 5, 17)}));
  CHECK(has(report.models.front(), "keypoint_error"));
  CHECK(has(report.models.front(), "yaw"));
}

TEST_CASE("several models meet the same pictures and stand in one report") {
  const TempDir dir;
  EvaluateJob job = small_job({tiny_model(dir, "a.safetensors", 5), "identity", tiny_model(dir, "b.safetensors", 6)});
  job.output = dir / "report";
  job.command_line = "animate evaluate";
  const EvaluationReport report = evaluate(job);
  REQUIRE(report.models.size() == 3);
  CHECK(report.models[0].name == "a");
  CHECK(report.models[2].name == "b");
  const auto json = test::read_json(dir / "report/report.json");
  CHECK(json["command"] == "animate evaluate");
  CHECK(json["seed"] == 100000);
  CHECK(json["models"].size() == 3);
  CHECK(json["models"][0]["frame_size"] == nlohmann::json({64, 64}));
  CHECK(json["models"][1]["reconstruction"]["figures"]["psnr"]["mean"] == "inf");
  CHECK(json["models"][2]["reconstruction"]["figures"]["l1"]["mean"].get<double>() ==
        figure(report.models[2], "reconstruction", "l1").mean);
  CHECK(json["models"][2]["reconstruction"]["items"].contains("head-100001"));
  // source | driving | truth | three results; two reconstructions, three moments of the transfer
  const Image sheet = load_image(dir / "report/sheet.png");
  CHECK(sheet.width() == 6 * 64);
  CHECK(sheet.height() == 5 * 64);
  // A report in a folder that is there already replaces the old one and leaves the rest.
  dir.write("report/notes.txt", "mine");
  job.models = {"identity"};
  evaluate(job);
  CHECK(test::read_json(dir / "report/report.json")["models"].size() == 1);
  CHECK(std::filesystem::exists(dir / "report/notes.txt"));
  CHECK(std::distance(std::filesystem::directory_iterator(dir / "report"), {}) == 3);
}

TEST_CASE("models of the same name are called as they were given") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "x");
  std::filesystem::create_directory(dir / "y");
  EvaluateJob job = small_job({tiny_model(dir, "x/model.safetensors", 5), tiny_model(dir, "y/model.safetensors", 6)});
  job.options.transfers = 0;
  const EvaluationReport report = evaluate(job);
  CHECK(report.models[0].name == (dir / "x/model.safetensors").string());
  CHECK(report.models[1].name == (dir / "y/model.safetensors").string());
}

TEST_CASE("clips are reconstructed from their first frame") {
  const TempDir dir;
  EvaluateJob job;
  job.data = flat_clips(dir, 4);
  job.models = {"identity", tiny_model(dir, "tiny.safetensors", 5)};
  job.output = dir / "out";
  job.options.save_frames = true;
  const EvaluationReport report = evaluate(job);
  CHECK(figure(report.models[0], "reconstruction", "l1").mean == 0);
  CHECK(figure(report.models[0], "reconstruction", "l1").count == 8);
  CHECK(report.models[0].parts.front().items.size() == 2);
  CHECK(std::isfinite(figure(report.models[1], "reconstruction", "l1").mean));
  CHECK(figure(report.models[1], "reconstruction", "jitter").count == 2);
  // Flat frames: the error of the tiny model, from the frames that were saved (in whole levels).
  double sum = 0;
  for (const char* clip : {"one", "two"}) {
    for (int i = 0; i < 4; ++i) {
      const auto name = fmt::format("{}/{:07d}.png", clip, i);
      const Image a = load_image(dir / "out/frames/2-tiny/driving" / name);
      const Image b = load_image(dir / "out/frames/2-tiny/generated" / name);
      CHECK(a.data()[0] == 40 + 20 * i);
      for (size_t j = 0; j < a.size_bytes(); ++j) sum += std::abs(a.data()[j] - b.data()[j]) / 255.0;
    }
  }
  CHECK(sum / (8 * 64 * 64 * 3) == Approx(figure(report.models[1], "reconstruction", "l1").mean).margin(0.003));
  CHECK(error_of(ErrorKind::Usage, [&] { evaluate(job); }) ==
        (dir / "out/frames").string() + ": holds saved frames already; choose another output or remove them");
  job.options.save_frames = false;
  job.options.clips = 1;
  CHECK(figure(evaluate(job).models[0], "reconstruction", "l1").count == 4);
  job.data = dir / "data/test/two/";
  const EvaluatedPart one = evaluate(job).models[0].parts.front();
  CHECK(one.figures.front().count == 4);
  CHECK(one.items.front().first == "two");
}

TEST_CASE("networks from outside judge the frames") {
  const TempDir dir;
  // Five points and a vector of seven numbers, both from the picture's mean colour.
  const auto keypoints = dir.write("points.onnx", test::landmark_model(32, {10}).bytes());
  const auto embedding = dir.write("vector.onnx", test::landmark_model(16, {7}).bytes());
  EvaluateJob job = small_job({"identity", tiny_model(dir, "tiny.safetensors", 5)});
  job.options.transfers = 0;
  job.options.keypoint_scale = KeypointScale::Unit;
  job.keypoints = keypoints;
  job.embedding = embedding;
  const EvaluationReport report = evaluate(job);
  CHECK(figure(report.models[0], "reconstruction", "akd").mean == 0);
  CHECK(figure(report.models[0], "reconstruction", "mkr").mean == 0);
  CHECK(figure(report.models[0], "reconstruction", "aed").mean == 0);
  CHECK(figure(report.models[1], "reconstruction", "akd").mean > 0);
  CHECK(figure(report.models[1], "reconstruction", "aed").mean > 0);

  const auto odd = dir.write("odd.onnx", test::landmark_model(32, {9}).bytes());
  job.keypoints = odd;
  CHECK(error_of(ErrorKind::Model, [&] { evaluate(job); }) ==
        odd.string() +
            ": gives an output of shape 1x9, which is no keypoints; give a network with coordinates 1xNx2, "
            "Nx2 or 1x2N, or heatmaps 1xNxhxw");
}

TEST_CASE("jobs that make no sense are refused before any work") {
  const TempDir dir;
  const auto sentence = [&](auto&& change) {
    EvaluateJob job = small_job({"identity"});
    change(job);
    return error_of(ErrorKind::Usage, [&] { evaluate(job); });
  };
  CHECK(sentence([](EvaluateJob& job) { job.options.heads = job.options.transfers = 0; }) ==
        "--heads 0 and --transfers 0 leave nothing to measure; give at least one of them");
  CHECK(sentence([](EvaluateJob& job) { job.data = "/no/such"; }) ==
        "--data /no/such: no such folder or clip; give heads, a folder of clips or a video");
  CHECK(sentence([](EvaluateJob& job) { job.options.save_frames = true; }) ==
        "--save-frames: needs a folder; add -o FOLDER");
  CHECK(sentence([](EvaluateJob& job) { job.keypoints_real = "a.csv"; }) ==
        "--keypoints-real and --keypoints-generated are compared with each other; give both");
  CHECK(sentence([](EvaluateJob& job) { job.keypoints_real = job.keypoints_generated = "a.csv"; }) ==
        "--keypoints-real: files are compared as they are and no model runs; leave out -m, --keypoints, --embedding "
        "and --save-frames");
}

TEST_CASE("a stopped evaluation leaves nothing behind") {
  const TempDir dir;
  EvaluateJob job = small_job({"identity"});
  job.output = dir / "out";
  std::stop_source stop;
  stop.request_stop();
  CHECK(error_of(ErrorKind::Cancelled, [&] { evaluate(job, stop.get_token()); }) == "interrupted; nothing was written");
  CHECK(dir.entries() == 0);
}
