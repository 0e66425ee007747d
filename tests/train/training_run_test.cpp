#include "train/training_run.h"

#include <torch/nn/modules/linear.h>

#include <fstream>
#include <iterator>
#include <limits>

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
    const double slope = line_->weight.item<double>();
    return {{"slope", slope, 1.9, false}};
  }
  void export_model(const std::filesystem::path& path, const std::string& training) const override {
    save_tensors(path, {{"line.weight", line_->weight}, {"line.bias", line_->bias}}, {{"training", training}});
  }

  int64_t trouble_at = -1;
  int64_t infinite_at = -1;
  std::vector<uint64_t> seeds;

 private:
  torch::nn::Linear line_;
  train::Adam adam_;
};

struct Runs {
  TrainSummary go(const std::string& output, int64_t steps) { return go(*std::make_unique<Line>(), output, steps); }
  TrainSummary go(Line& line, const std::string& output, int64_t steps) {
    TrainJob job;
    job.config = "line.yaml";
    job.output = folder / output;
    job.options.steps = steps;
    job.options.log_every = 2;
    job.options.sheet_every = 3;
    job.options.checkpoint_every = 5;
    NoProgress progress;
    return train::TrainingRun(line, job, progress, {}).run();
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
