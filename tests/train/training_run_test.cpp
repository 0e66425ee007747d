#include "train/training_run.h"

#include <torch/nn/modules/linear.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <stop_token>

#include "core/weights.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::train;
using namespace animate;

namespace {

// Fits a line: a task that has nothing to do with pictures.
class Line : public train::TrainingTask {
 public:
  Line() : line_(1, 1), adam_(line_->parameters(), 0.1) {
    torch::NoGradGuard no_grad;
    for (auto& parameter : line_->parameters()) parameter.zero_();
  }

  train::RunSetup setup() const override { return {"slope: 2", 1, "numbers", "structural"}; }
  train::TrainingState state() override { return {"lines", {{"line", line_.get()}}, {{"optimizer_line", &adam_}}}; }
  int64_t steps_per_epoch() const override { return 5; }
  int64_t planned_steps() const override { return 0; }
  std::vector<std::string> start_from(const Checkpoint& weights) override {
    return load_matching_state(*line_, weights.scope("line"), "line");
  }
  int64_t fetch(int64_t step) override {
    check(step != trouble_at, ErrorKind::Input, "no numbers for step {}", step);
    return 0;
  }
  train::StepLosses step(const train::TrainingStep& now) override {
    if (now.step == infinite_at) throw train::NotANumber("the loss");
    seeds.push_back(now.seed);
    const auto x = torch::rand({8, 1});
    train::StepLosses losses;
    losses.objective.add("square", (line_->forward(x) - (2 * x + 1)).square().mean());
    losses.objective.total().backward();
    adam_.step();
    adam_.zero_grad();
    return losses;
  }
  void write_sheet(const std::filesystem::path& path) const override { std::ofstream(path) << "sheet"; }
  int64_t validate_every() const override { return 4; }
  std::vector<train::Figure> validate() override {
    if (interrupt_in_validation) stop.request_stop();
    const double slope = line_->weight.item<double>();
    return {{"slope", slope, 1.9, false}};
  }
  void export_model(const std::filesystem::path& path, const std::string& training) const override {
    check(!export_fails, ErrorKind::DiskFull, "no space left");
    save_tensors(path, {{"line.weight", line_->weight}, {"line.bias", line_->bias}}, {{"training", training}});
  }

  int64_t trouble_at = -1;
  int64_t infinite_at = -1;
  bool interrupt_in_validation = false;
  bool export_fails = false;
  std::stop_source stop;
  std::vector<uint64_t> seeds;

 private:
  torch::nn::Linear line_;
  train::Adam adam_;
};

struct Runs {
  TrainSummary go(const std::string& output, int64_t steps) { return go(*std::make_unique<Line>(), output, steps); }
  TrainSummary go(Line& line, const std::string& output, int64_t steps, const std::string& resume = {}) {
    TrainJob job;
    if (!resume.empty()) job.resume = folder / resume;
    job.config = "line.yaml";
    job.output = folder / output;
    job.options.steps = steps;
    job.options.log_every = 2;
    job.options.sheet_every = 3;
    job.options.checkpoint_every = 5;
    NoProgress progress;
    return train::TrainingRun(line, job, progress, line.stop.get_token()).run();
  }
  std::string content(const std::string& name) const {
    std::ifstream file(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  test::TempDir folder;
};

}  // namespace

TEST_CASE("the run trains whatever its task is, resumed as uninterrupted") {
  Runs runs;
  const auto whole = runs.go("whole", 12);
  CHECK(whole.steps == 12);
  CHECK(whole.last_loss < whole.first_loss);
  runs.go("parts", 7);
  CHECK(runs.go("parts", 12).first_step == 7);
  CHECK(runs.content("whole/model.safetensors") == runs.content("parts/model.safetensors"));
  CHECK(runs.content("whole/checkpoint.pth.tar") == runs.content("parts/checkpoint.pth.tar"));
  CHECK(runs.content("whole/sheets/0000003.png") == "sheet");
  CHECK(runs.content("whole/log.jsonl").find(R"({"step":4,"validation":{"slope":)") != std::string::npos);
  CHECK(test::error_of(ErrorKind::Usage, [&] { runs.go("whole", 12); }) ==
        (runs.folder / "whole").string() + ": has 12 steps already; give more --steps to go on");
  CHECK(test::error_of(ErrorKind::Usage, [&] { runs.go("other", 0); }) ==
        "nothing to train: give --steps, or num_epochs in the config");
}

TEST_CASE("data that ends a run does not cost its steps; infinite losses leave the last checkpoint") {
  Runs runs;
  Line line;
  line.trouble_at = 3;
  CHECK(test::error_of(ErrorKind::Input, [&] { runs.go(line, "data", 9); }) == "no numbers for step 3");
  CHECK(runs.go("data", 9).first_step == 3);

  Line infinite;
  infinite.infinite_at = 6;
  const auto checkpoint = (runs.folder / "loss/checkpoint.pth.tar").string();
  CHECK(
      test::error_of(ErrorKind::Input, [&] { runs.go(infinite, "loss", 9); }) ==
      "line.yaml: the loss is no longer a number at step 7; lower the learning rates and begin a new run with --init " +
          checkpoint + ", the last good checkpoint");
  CHECK(runs.go("loss", 9).first_step == 5);
}

TEST_CASE("a stop during validation costs no step, and is told with the way on") {
  Runs runs;
  Line line;
  line.interrupt_in_validation = true;
  const auto checkpoint = (runs.folder / "out/checkpoint.pth.tar").string();
  CHECK(test::error_of(ErrorKind::Cancelled, [&] { runs.go(line, "out", 12); }) ==
        "interrupted at step 4; the same command goes on from " + checkpoint);
  CHECK(runs.go("out", 12).first_step == 4);
  CHECK(runs.content("out/log.jsonl").find(R"({"step":4,)") != std::string::npos);

  // --resume names where the run begins: the same command would not go on.
  Line again;
  again.interrupt_in_validation = true;
  CHECK(test::error_of(ErrorKind::Cancelled, [&] { runs.go(again, "on", 20, "out/checkpoint.pth.tar"); }) ==
        "interrupted at step 16; go on with --resume " + (runs.folder / "on/checkpoint.pth.tar").string());

  Line early;
  early.stop.request_stop();
  CHECK(test::error_of(ErrorKind::Cancelled, [&] { runs.go(early, "early", 12); }) ==
        "interrupted before the first step; there is nothing to go on from");
}

TEST_CASE("a model that could not be written is written by the same command") {
  Runs runs;
  Line full;
  full.export_fails = true;
  test::error_of(ErrorKind::DiskFull, [&] { runs.go(full, "out", 7); });
  CHECK_FALSE(std::filesystem::exists(runs.folder / "out/model.safetensors"));
  const auto rest = runs.go("out", 7);
  CHECK(rest.steps == 7);
  CHECK(rest.first_step == 7);
  runs.go("whole", 7);
  CHECK(runs.content("out/model.safetensors") == runs.content("whole/model.safetensors"));
}
