#include "train/autoencoder_task.h"

#include <algorithm>
#include <fstream>

#include "core/weights.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"
#include "train/face_data.h"
#include "train/training_run.h"

using namespace animate;
using test::error_of;
using train::AutoencoderConfig;

namespace {

std::string faces_yaml(const std::string& keys) {
  return "model_params:\n  autoencoder_params: {width: 2, encoded_dim: 6}\ntrain_params:\n  {batch_size: 4, pictures: "
         "12, "
         "distribution_pictures: 12, validate_pictures: 6, linear_code_pictures: 12" +
         keys + "}\n";
}

struct FaceRun {
  explicit FaceRun(const std::string& keys = ", optimiser: adam, lr: 5.0e-3")
      : config(AutoencoderConfig::parse(faces_yaml(keys), "c.yaml")) {
    std::ofstream(folder / "c.yaml") << config.yaml;
  }

  TrainJob job(const std::string& output, int64_t steps) const {
    TrainJob made;
    made.config = folder / "c.yaml";
    made.output = folder / output;
    made.options.steps = steps;
    made.options.log_every = 5;
    made.options.sheet_every = 0;
    made.options.runtime.device.kind = DeviceChoice::Kind::Cpu;
    return made;
  }

  TrainSummary go(const std::string& output, int64_t steps) const {
    const TrainJob asked = job(output, steps);
    NoProgress silent;
    const auto task = train::make_autoencoder_task(asked, config);
    return train::TrainingRun(*task, asked, silent, {}).run();
  }

  test::TempDir folder;
  AutoencoderConfig config;
};

std::string model_of(const FaceRun& run, const std::string& output) {
  return test::content_of(run.folder / (output + "/model.safetensors"));
}

}  // namespace

TEST_CASE("an autoencoder's training config has the seed's defaults, and bad keys are named") {
  const auto seeds = AutoencoderConfig::parse("model_params: {autoencoder_params: {}}\ntrain_params: {}", "c.yaml");
  CHECK(seeds.model.numbers == 1024);
  CHECK(seeds.optimiser == AutoencoderConfig::Optimiser::Sgd);
  CHECK(seeds.lr == 0.01);
  CHECK(seeds.momentum == 0.9);
  CHECK(seeds.batch_size == 64);
  CHECK(seeds.num_epochs == 10);
  CHECK(AutoencoderConfig::parse(faces_yaml(", optimiser: adam"), "c.yaml").lr == 1e-3);
  const auto refusal = [](const std::string& keys) {
    return error_of(ErrorKind::Model, [&] { AutoencoderConfig::parse(faces_yaml(keys), "c.yaml"); });
  };
  CHECK(refusal(", optimiser: lion") ==
        "c.yaml: 'train_params.optimiser' is 'lion', it must be sgd or adam; correct the config");
  CHECK(refusal(", loss: l1") == "c.yaml: 'train_params.loss' is 'l1', it must be mse; correct the config");
  CHECK(refusal(", momentum: 1") ==
        "c.yaml: 'train_params.momentum' is 1, it must lie in 0 to 1, below 1; correct the config");
}

TEST_CASE("an autoencoder learns, resumed as uninterrupted, by Adam and by SGD") {
  for (const char* keys : {", optimiser: adam, lr: 5.0e-3", ", optimiser: sgd, lr: 0.05, momentum: 0.9"}) {
    INFO(keys);
    const FaceRun run(keys);
    const TrainSummary whole = run.go("whole", 20);
    CHECK(whole.last_loss < whole.first_loss);
    run.go("parts", 7);
    CHECK(run.go("parts", 20).first_step == 7);
    CHECK(model_of(run, "whole") == model_of(run, "parts"));
  }
}

TEST_CASE("figures stand beside a linear code of the same length, and the distribution lies with the weights") {
  const FaceRun run;
  const TrainJob asked = run.job("out", 1);
  const auto task = train::make_autoencoder_task(asked, run.config);
  const auto figures = task->validate();
  REQUIRE(figures.size() == 3);
  CHECK(figures[0].name == "mse");
  CHECK(figures[0].value > figures[0].wanted);  // untrained
  CHECK(figures[1].value == Approx(figures[0].value / figures[2].value));
  run.go("out", 1);
  const auto file = checkpoint::Checkpoint::open(run.folder / "out/model.safetensors");
  CHECK(file.metadata().at("family") == "autoencoder");
  CHECK(file.info("distribution.mean").shape == std::vector<int64_t>{6});
  CHECK(file.info("distribution.mean").dtype == checkpoint::DType::F64);
  CHECK(file.info("encoder.0.weight").dtype == checkpoint::DType::F16);
}

TEST_CASE("only the distribution is fitted where only that is asked for") {
  const FaceRun run;
  run.go("first", 2);
  TrainJob asked = run.job("second", 0);
  asked.init = run.folder / "first/model.safetensors";
  const auto task = train::make_autoencoder_task(asked, run.config);
  const TrainSummary summary = train::fit_only(*task, asked);
  CHECK(summary.steps == 0);
  const auto before = checkpoint::Checkpoint::open(asked.init);
  const auto after = checkpoint::Checkpoint::open(summary.model);
  for (const std::string name : {"encoder.11.weight", "decoder.12.bias", "encoder.3.running_var"}) {
    CHECK(torch::equal(core::read_tensor(before.scope(""), name), core::read_tensor(after.scope(""), name)));
  }
  TrainJob bare = run.job("third", 0);
  CHECK(error_of(ErrorKind::Usage, [&] { train::fit_only(*task, bare); }) ==
        "--fit-only: there are no weights to fit a distribution to; give them with --init, or the output folder of a "
        "run with -o");
}

TEST_CASE("every epoch shows every face once, in an order of its own") {
  const FaceRun run;
  const auto data = train::open_faces(run.job("out", 1), run.config);
  CHECK(train::steps_of_epoch(*data, 4, 500) == 3);
  const auto epoch = [&](int64_t number) {
    std::vector<int64_t> seen;
    for (int64_t step = 3 * number; step < 3 * number + 3; ++step) {
      const auto numbers = train::numbers_of_step(*data, 4, 9, step);
      seen.insert(seen.end(), numbers.begin(), numbers.end());
    }
    return seen;
  };
  auto first = epoch(0), second = epoch(1);
  CHECK(first != second);
  CHECK(first == epoch(0));
  std::sort(first.begin(), first.end());
  for (int64_t i = 0; i < 12; ++i) CHECK(first[static_cast<size_t>(i)] == i);
  const auto twice = data->take({3, 3, 5}, true).bytes;
  CHECK(torch::equal(twice[0], twice[1]));
  CHECK_FALSE(torch::equal(twice[0], twice[2]));
}

TEST_CASE("SGD with momentum is put back bit for bit, and a checkpoint of Adam is refused in a sentence") {
  const FaceRun adam;
  adam.go("run", 2);
  const FaceRun sgd(", optimiser: sgd, lr: 0.01");
  const TrainJob asked = sgd.job("run", 4);
  const auto task = train::make_autoencoder_task(asked, sgd.config);
  const auto file = checkpoint::Checkpoint::open(adam.folder / "run/checkpoint.pth.tar");
  const std::string refusal = error_of(ErrorKind::Model, [&] { train::load_run_checkpoint(file, task->state()); });
  CHECK(refusal.find("'optimizer' is the state of Adam, and the config says sgd") != std::string::npos);
}
