#include "train/head_tasks.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "support/expect_error.h"
#include "train/head_draws.h"
#include "train/small_phase.h"
#include "train/training_run.h"

using namespace animate::train;
using namespace animate;
using test::replaced;

namespace {

double total(const train::StepLosses& losses) { return losses.objective.total().item<double>(); }

std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TrainSummary run_phase(const test::SmallPhase& phase, const std::string& output, int64_t steps) {
  TrainJob job = phase.job;
  job.output = phase.folder / output;
  job.options.steps = steps;
  const auto task = phase.task();
  NoProgress progress;
  return train::TrainingRun(*task, job, progress, {}).run();
}

std::map<std::string, torch::Tensor> parameters_of(train::TrainingTask& task) {
  std::map<std::string, torch::Tensor> copies;
  for (const auto& network : task.state().networks) {
    for (const auto& item : network.module->named_parameters()) {
      copies[network.name + "." + item.key()] = item.value().detach().clone();
    }
  }
  return copies;
}

}  // namespace

TEST_CASE("every phase learns the batch that it is shown again and again") {
  const std::string phase = GENERATE("detector", "motion", "generator", "together");
  INFO(phase);
  const test::SmallPhase setup(test::phase_yaml(phase));
  const auto task = setup.task();
  CHECK(task->fetch(0) == 0);
  double first = 0, last = 0;
  for (int64_t step = 0; step < 25; ++step) {
    last = total(task->step({step, 0, 7}));
    if (step == 0) first = last;
  }
  INFO(first << " " << last);
  CHECK(last < 0.85 * first);
}

TEST_CASE("a phase trains its own networks and leaves the others as they are") {
  const auto [phase, moved] =
      GENERATE(std::pair<std::string, std::vector<std::string>>{"detector", {"kp_detector."}},
               std::pair<std::string, std::vector<std::string>>{"motion", {"generator.dense_motion_network."}},
               std::pair<std::string, std::vector<std::string>>{
                   "generator",
                   {"generator.first.", "generator.down_blocks.", "generator.bottleneck.", "generator.up_blocks.",
                    "generator.final."}},
               std::pair<std::string, std::vector<std::string>>{"together", {"generator.", "kp_detector."}});
  INFO(phase);
  const test::SmallPhase setup(test::phase_yaml(phase));
  const auto task = setup.task();
  const auto before = parameters_of(*task);
  task->fetch(0);
  task->step({0, 0, 7});
  std::map<std::string, bool> seen;
  for (const auto& [name, value] : parameters_of(*task)) {
    const auto own = std::find_if(moved.begin(), moved.end(), [&](const auto& part) { return name.starts_with(part); });
    const bool same = torch::equal(value, before.at(name));
    INFO(name);
    if (own == moved.end()) CHECK(same);
    if (own != moved.end() && !same) seen[*own] = true;
  }
  for (const auto& part : moved) {
    INFO(part);
    CHECK(seen[part]);
  }
}

TEST_CASE("a phase that is interrupted and resumed gives what an uninterrupted one gives") {
  const std::string phase = GENERATE("detector", "motion", "generator", "together");
  INFO(phase);
  const test::SmallPhase setup(test::phase_yaml(phase));
  const auto whole = run_phase(setup, "whole", 4);
  run_phase(setup, "parts", 2);
  const auto parts = run_phase(setup, "parts", 4);
  CHECK(parts.first_step == 2);
  CHECK(file_content(whole.model) == file_content(parts.model));
  CHECK(file_content(setup.folder / "whole/checkpoint.pth.tar") ==
        file_content(setup.folder / "parts/checkpoint.pth.tar"));
}

TEST_CASE("measuring on held-out heads gives finite figures and changes nothing") {
  const std::string phase = GENERATE("detector", "motion", "generator", "together");
  INFO(phase);
  const test::SmallPhase setup(test::phase_yaml(phase));
  const auto task = setup.task();
  task->fetch(0);
  task->step({0, 0, 7});
  const auto before = parameters_of(*task);
  const auto figures = task->validate();
  REQUIRE_FALSE(figures.empty());
  for (const auto& figure : figures) {
    INFO(figure.name);
    CHECK(std::isfinite(figure.value));
  }
  for (const auto& [name, value] : parameters_of(*task)) CHECK(torch::equal(value, before.at(name)));
  const auto again = task->validate();
  REQUIRE(again.size() == figures.size());
  for (size_t i = 0; i < figures.size(); ++i) CHECK(again[i].value == figures[i].value);
}

TEST_CASE("the run writes a phase's figures at its end and in between") {
  const test::SmallPhase setup(
      replaced(test::phase_yaml("detector"), "validate_heads: 3", "validate_heads: 3\n  validate_every: 2"));
  run_phase(setup, "run", 3);
  const auto log = file_content(setup.folder / "run/log.jsonl");
  CHECK(log.find(R"({"step":2,"validation":{"points":)") != std::string::npos);
  CHECK(log.find(R"({"step":3,"validation":{"points":)") != std::string::npos);
  CHECK(log.find(R"({"step":1,"validation")") == std::string::npos);
}

TEST_CASE("learning rates halve with the steps") {
  const test::SmallPhase setup(
      replaced(test::phase_yaml("detector"), "validate_heads: 3", "validate_heads: 3\n  lr_half_life: 10"));
  const auto task = setup.task();
  task->fetch(20);
  task->step({20, 0, 7});
  for (const auto& optimiser : task->state().optimisers) {
    CHECK(optimiser.adam->learning_rate() == Approx(5e-3 / 4));
  }
}

TEST_CASE("jobs that do not fit a phase are refused in one sentence") {
  test::SmallPhase setup(test::phase_yaml("motion"));
  setup.job.data = "clips";
  CHECK(
      test::error_of(ErrorKind::Usage, [&] { setup.task(); }) ==
      "--data clips: the phase 'motion' of the config learns from what is known of drawn heads; give --data heads, or "
      "a config without 'train_params.phase'");
  setup.job.data.reset();
  setup.job.vgg = "vgg.pth";
  CHECK(test::error_of(ErrorKind::Usage, [&] { setup.task(); }) ==
        "--vgg vgg.pth: has no effect in the phase 'motion' of the config; leave it out");
}

TEST_CASE("lively expressions shut and open eyes and mouth often, calm ones stay as they were") {
  int shut = 0, open = 0;
  for (uint64_t index = 0; index < 400; ++index) {
    const auto expression = train::lively_expression(3, index);
    shut += expression.mouth < 0.02F;
    open += expression.mouth > 0.98F;
    CHECK(expression.left_eye >= 0);
    CHECK(expression.left_eye <= 1);
    CHECK(expression.smile == heads::sample_expression(3, index).smile);
  }
  CHECK(shut > 70);
  CHECK(open > 70);
}

TEST_CASE("another head's change is put on the source, counted from a start between the two") {
  const auto source = heads::sample_head(1, 1, 0.5F);
  const auto driver = heads::sample_head(2, 1, 0.5F);
  const auto driving = heads::sample_head(2, 2, 0.5F);
  const auto together = train::drive(source, driver, driving, 0);
  REQUIRE(together);
  CHECK(together->initial.pose.yaw == Approx(source.pose.yaw));
  CHECK(together->initial.identity.face_width == driver.identity.face_width);
  CHECK(together->target.pose.yaw == Approx(driving.pose.yaw));
  CHECK(together->target.expression.mouth == Approx(driving.expression.mouth).margin(1e-5));
  CHECK(together->target.identity.face_width == source.identity.face_width);
  // Half of the way between their starts, half of the difference stays.
  for (uint64_t index = 2; index < 40; ++index) {
    const auto now = heads::sample_head(2, index, 0.3F);
    const auto apart = train::drive(source, driver, now, 0.5F);
    if (!apart) continue;
    CHECK(apart->target.pose.roll == Approx(now.pose.roll - 0.5F * (driver.pose.roll - source.pose.roll)).margin(1e-5));
  }
}

TEST_CASE("the share of rows that another head drives is the config's, and the pairs do not depend on it") {
  const auto drives_of = [](const std::string& share) {
    const test::SmallPhase setup(
        replaced(replaced(test::phase_yaml("together"), "transfer_share: 0.5", "transfer_share: " + share),
                 "batch_size: 2", "batch_size: 40"));
    const train::HeadDraws draws(setup.config, 1);
    const auto sources = draws.draw(3, 2).front();
    const auto drives = draws.draw_drives(3, sources);
    return std::pair(sources.front().pose.yaw,
                     std::count_if(drives.begin(), drives.end(), [](const auto& drive) { return drive.has_value(); }));
  };
  CHECK(drives_of("0").second == 0);
  CHECK(drives_of("1").second == 40);
  const auto half = drives_of("0.5");
  CHECK(half.second > 8);
  CHECK(half.second < 32);
  CHECK(half.first == drives_of("0").first);
}
