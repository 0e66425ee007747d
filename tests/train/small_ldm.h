#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temp_dir.h"
#include "train/ldm_tasks.h"
#include "train/training_run.h"

namespace animate::test {

// The smallest video LDM that has every kind of layer: pictures of 16x16, latents of 2x8x8, clips of 4 frames.
inline std::string small_ldm_yaml(const std::string& stage, const std::string& keys = "") {
  return "model_params:\n  video_ldm_params:\n    picture: 16\n    frames: 4\n    labels: [turn, talk]\n"
         "    autoencoder: {channels: [4, 4], latent_channels: 2, groups: 2}\n"
         "    unet: {channels: [4, 8], heads: [1, 2], attends: [False, True], groups: 2, id_width: 4, context_width: "
         "3}\n"
         "train_params:\n  {stage: " +
         stage + ", batch_size: 2, lr: 5.0e-3, validate_clips: 3, clips: 6" + keys + "}\n";
}

// A folder with runs of the stages.
struct LdmRuns {
  TrainJob job(const std::string& stage, const std::string& output, int64_t steps, const std::string& init,
               const std::string& keys = "") const {
    TrainJob made;
    made.config = folder / (output + ".yaml");
    std::ofstream(made.config) << small_ldm_yaml(stage, keys);
    made.output = folder / output;
    if (!init.empty()) made.init = folder / init / "model.safetensors";
    made.options.steps = steps;
    made.options.log_every = 2;
    made.options.sheet_every = 0;
    made.options.runtime.device.kind = DeviceChoice::Kind::Cpu;
    return made;
  }

  TrainSummary go(const std::string& stage, const std::string& output, int64_t steps, const std::string& init = "",
                  const std::string& keys = "") const {
    const TrainJob asked = job(stage, output, steps, init, keys);
    NoProgress silent;
    const auto task = train::make_ldm_task(asked, train::LdmTrainConfig::load(asked.config));
    return train::TrainingRun(*task, asked, silent, {}).run();
  }

  std::string model_of(const std::string& output) const { return content_of(folder / output / "model.safetensors"); }

  TempDir folder;
};

}  // namespace animate::test
