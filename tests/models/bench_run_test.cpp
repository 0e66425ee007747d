#include "models/bench_run.h"

#include <cmath>

#include "models/machine_probe.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"

using namespace animate::models;
using namespace animate;

namespace {

BenchReport measured(const char* config, const BenchOptions& options) {
  ModelFiles files;
  files.name = "tiny";
  files.config = test::fixtures_root() / "fomm" / "configs" / config;
  return run_bench(family_of_config(files.config), files, options);
}

BenchOptions quick() {
  BenchOptions options;
  options.random_weights = true;
  options.frames = 1;
  options.probe = false;
  options.runtime.device.kind = DeviceChoice::Kind::Cpu;
  return options;
}

double gflop_per_frame(const std::vector<BenchStage>& stages) {
  double sum = 0;
  for (const BenchStage& stage : stages) sum += stage.per_frame ? stage.gflop : 0;
  return sum;
}

BenchComparison earlier() {
  BenchComparison comparison;
  comparison.name = "old.json";
  comparison.model = "tiny";
  comparison.width = comparison.height = 48;
  comparison.milliseconds_per_frame = 1;
  return comparison;
}

}  // namespace

TEST_CASE("both ways of computing are measured in one run, with the same weights and inputs") {
  BenchOptions options = quick();
  options.compare = ComparedWith::parse("baseline");
  for (const char* config : {"nojac.yaml", "gray.yaml", "nomotion.yaml"}) {
    INFO(config);
    const BenchReport report = measured(config, options);
    REQUIRE(report.comparison);
    CHECK(report.mode == "optimised");
    CHECK(report.comparison->name == "baseline");
    REQUIRE(report.comparison->stages.size() == report.stages.size());
    for (size_t i = 0; i < report.stages.size(); ++i) {
      CHECK(report.comparison->stages[i].name == report.stages[i].name);
      CHECK(report.comparison->stages[i].milliseconds > 0);
    }
    CHECK(report.comparison->milliseconds_per_frame > 0);
    REQUIRE(report.comparison->difference);
    CHECK(report.comparison->difference->largest <= 1e-3);
    CHECK(report.comparison->difference->psnr >= 60);
    CHECK(report.probe.gflops == 0);
    CHECK(report.layers.empty());
  }
}

TEST_CASE("layers, stages and the whole frame count the same operations") {
  BenchOptions options = quick();
  options.layers = true;
  for (const bool baseline : {false, true}) {
    options.baseline = baseline;
    const BenchReport report = measured("nojac.yaml", options);
    double layers = 0;
    double milliseconds = 0;
    for (const BenchLayer& layer : report.layers) {
      layers += layer.gflop;
      milliseconds += layer.milliseconds;
      CHECK(layer.count > 0);
    }
    CHECK(report.gflop_per_frame > 0);
    CHECK(layers == Approx(report.gflop_per_frame));
    // The transfer of motion between the stages is a few products of 2 x 2 matrices.
    CHECK(gflop_per_frame(report.stages) == Approx(report.gflop_per_frame).epsilon(0.01));
    CHECK(milliseconds > 0);
    CHECK(report.layers_frame_milliseconds > 0);
  }
}

TEST_CASE("the original encodes the source in every frame, and its GFLOP count") {
  BenchOptions options = quick();
  const BenchReport ours = measured("nojac.yaml", options);
  options.baseline = true;
  const BenchReport theirs = measured("nojac.yaml", options);
  CHECK(theirs.mode == "baseline");
  CHECK_FALSE(ours.stages[1].per_frame);
  CHECK(theirs.stages[1].per_frame);
  // Beside the encoder only what is folded away makes a difference.
  CHECK(theirs.gflop_per_frame - ours.gflop_per_frame >= ours.stages[1].gflop);
}

TEST_CASE("an earlier measurement must be of the same model and frames") {
  BenchOptions options = quick();
  options.compare = ComparedWith::parse("old.json");
  options.earlier = earlier();
  CHECK(measured("nojac.yaml", options).comparison->milliseconds_per_frame == 1);
  options.earlier->model = "other";
  CHECK(test::error_of(ErrorKind::Input, [&] { measured("nojac.yaml", options); }) ==
        "old.json: was measured with the model other, this is tiny; give a file of the same model");
  options.earlier = earlier();
  options.earlier->height = 64;
  CHECK(test::error_of(ErrorKind::Input, [&] { measured("nojac.yaml", options); }) ==
        "old.json: was measured with frames of 48x64, these are 48x48; give a file of the same frame size");
}

TEST_CASE("the baseline is not compared with itself") {
  BenchOptions options = quick();
  options.compare = ComparedWith::parse("baseline");
  options.baseline = true;
  CHECK(test::error_of(ErrorKind::Usage, [&] { measured("nojac.yaml", options); }) ==
        "--compare baseline with --baseline compares the original's computation with itself; leave out --baseline");
}

TEST_CASE("the machine's peak is a positive number of sensible size") {
  const MachineProbe probe = probe_machine(torch::kCPU);
  CHECK(std::isfinite(probe.gflops));
  CHECK(std::isfinite(probe.gigabytes_per_second));
  // Between the slowest emulator and the fastest machine: units are right, not speed.
  CHECK(probe.gflops > 0.001);
  CHECK(probe.gflops < 1e7);
  CHECK(probe.gigabytes_per_second > 0.001);
  CHECK(probe.gigabytes_per_second < 1e6);
}
