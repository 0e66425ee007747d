#include "train/training_checkpoint.h"

#include <sys/wait.h>

#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "core/weights.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "train/small_training.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::models;
using namespace animate::train;
using namespace animate;
using test::replaced;

namespace {

// A run as a trainer makes one.
struct Run {
  explicit Run(uint64_t seed, const std::string& yaml = test::small_yaml())
      : setup(seed, yaml), model(setup.make()), optimisers(model.networks(), setup.config) {}

  void step() {
    auto pass = model.generator_pass(test::random_batch(random), random);
    pass.losses.total().backward();
    optimisers.generator.step();
    optimisers.detector.step();
    optimisers.zero_grad();
    auto judged = model.discriminator_pass(pass);
    judged.total().backward();
    optimisers.discriminator->step();
    optimisers.zero_grad();
    ++progress.step;
  }

  void save(const std::filesystem::path& path) {
    progress.extras["random"] = random.get_state();
    train::save_training_checkpoint(path, model.networks(), optimisers, progress);
  }

  void resume(const std::filesystem::path& path) {
    progress = train::load_training_checkpoint(Checkpoint::open(path), model.networks(), optimisers);
    train::restore_random(random, progress, "random", path.string());
  }

  test::SmallTraining setup;
  train::TrainingModel model;
  train::Optimisers optimisers;
  torch::Generator random = torch::make_generator<torch::CPUGeneratorImpl>(11);
  train::TrainingProgress progress;
};

std::string load_error(const std::filesystem::path& path, Run& run) {
  return test::error_of(ErrorKind::Model, [&] {
    train::load_training_checkpoint(Checkpoint::open(path), run.model.networks(), run.optimisers);
  });
}

}  // namespace

TEST_CASE("a run that is interrupted and resumed goes on to the last bit") {
  const test::TempDir folder;
  Run whole(1);
  whole.progress.epoch = 3;
  whole.optimisers.set_epoch(whole.setup.config, 3);
  whole.step();
  whole.step();
  whole.save(folder / "half.pth.tar");
  whole.step();
  whole.step();
  whole.save(folder / "whole.pth.tar");

  Run resumed(99);
  resumed.resume(folder / "half.pth.tar");
  CHECK(resumed.progress.epoch == 3);
  CHECK(resumed.progress.step == 2);
  CHECK(resumed.optimisers.generator.learning_rate() == whole.optimisers.generator.learning_rate());
  CHECK(resumed.optimisers.generator.moments()[0].steps == 2);
  resumed.step();
  resumed.step();
  resumed.save(folder / "resumed.pth.tar");
  CHECK(test::content_of(folder / "resumed.pth.tar") == test::content_of(folder / "whole.pth.tar"));
}

TEST_CASE("the file has the published layout, for our reader and for Python's") {
  const test::TempDir folder;
  Run run(1);
  run.progress.epoch = 7;
  run.step();
  run.save(folder / "run.pth.tar");
  const auto file = Checkpoint::open(folder / "run.pth.tar");
  CHECK(file.format() == Checkpoint::Format::TorchZip);
  CHECK(file.scope("generator").names() == state_names(*run.model.networks().generator));
  CHECK(file.scope("kp_detector").names() == state_names(*run.model.networks().detector));
  CHECK(file.scope("discriminator").names() == state_names(*run.model.networks().discriminator));
  CHECK(file.contains("optimizer_kp_detector.state.0.exp_avg_sq"));
  CHECK(file.info("optimizer_generator.state.0.step").shape.empty());

  const auto script = std::filesystem::path(ANIMATE_TEST_DATA).parent_path() / "train" / "check_checkpoint.py";
  const auto command = fmt::format("python3 '{}' '{}' > '{}' 2>&1", script.string(), (folder / "run.pth.tar").string(),
                                   (folder / "log").string());
  const int status = std::system(command.c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    return test::skip("there is no python3 to read the written checkpoint");
  }
  INFO(test::content_of(folder / "log"));
  CHECK(status == 0);
}

TEST_CASE("the original's training checkpoints can be resumed, modern and of torch 1.0", "[optional]") {
  const auto root = test::fixtures_root() / "fomm";
  int seen = 0;
  for (const char* name : {"train_full.legacy", "train_full.zip", "train_full_torch10_cuda.legacy"}) {
    const auto path = root / "checkpoints" / (std::string(name) + ".pth.tar");
    const auto config = root / "configs" / "train.yaml";
    if (!std::filesystem::exists(path) || !std::filesystem::exists(config)) {
      continue;
    }
    INFO(name);
    ++seen;
    const auto model = fomm::Config::load(config);
    const auto training = train::TrainConfig::load(config, model);
    train::TrainingNetworks networks(model, training);
    train::Optimisers optimisers(networks, training);
    const auto file = Checkpoint::open(path);
    const auto progress = train::load_training_checkpoint(file, networks, optimisers);
    const std::map<std::string, std::string> scalars(file.scalars().begin(), file.scalars().end());
    CHECK(std::to_string(progress.epoch) == scalars.at("epoch"));
    for (const auto* adam : {&optimisers.generator, &optimisers.detector, &*optimisers.discriminator}) {
      for (const auto& moments : adam->moments()) {
        CHECK(moments.steps > 0);
        CHECK(moments.exp_avg_sq.defined());
      }
    }
  }
  if (seen == 0) test::skip("no training checkpoint of the original is in $ANIMATE_FIXTURES");
}

TEST_CASE("a checkpoint that does not fit is refused with the reason") {
  const test::TempDir folder;
  const auto path = folder / "run.pth.tar";
  Run run(1);
  run.step();
  run.save(path);
  Run other(1, replaced(test::small_yaml(), "num_kp: 3", "num_kp: 4"));
  train::TrainingProgress progress;
  CHECK(test::error_of(ErrorKind::Model, [&] { train::restore_random(run.random, progress, "random", "r.pth"); }) ==
        "r.pth: holds no state of the random numbers 'random'; resume from a checkpoint that this program wrote");
  progress.extras["random"] = torch::zeros({7}, torch::kUInt8);
  CHECK(test::error_of(ErrorKind::Model, [&] { train::restore_random(run.random, progress, "random", "r.pth"); }) ==
        "r.pth: the state of the random numbers 'random' is damaged; resume from another checkpoint");
  CHECK_THAT(load_error(path, other), ContainsSubstring("the weights of generator do not fit the config"));

  // Weights alone, as `animate convert` writes them.
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : run.model.networks().generator->named_parameters()) {
    tensors["generator." + item.key()] = item.value();
  }
  for (const auto& item : run.model.networks().generator->named_buffers()) {
    tensors["generator." + item.key()] = item.value();
  }
  for (const auto& item : run.model.networks().detector->named_parameters()) {
    tensors["kp_detector." + item.key()] = item.value();
  }
  for (const auto& item : run.model.networks().detector->named_buffers()) {
    tensors["kp_detector." + item.key()] = item.value();
  }
  save_tensors(folder / "weights.safetensors", tensors, {});
  CHECK(load_error(folder / "weights.safetensors", run) ==
        (folder / "weights.safetensors").string() +
            ": has no 'optimizer_generator' and so cannot be resumed; give a checkpoint of a training run, or start a "
            "new run from its weights");
}
