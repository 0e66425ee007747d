#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "animate/trainer.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/progress_display.h"

namespace animate::cli {
namespace {

// animate train --config FILE --data heads|FOLDER -o FOLDER: the First Order Motion Model by its paper, an
// autoencoder of faces, or a stage of a video LDM.
class TrainCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("--config", job_.config, "YAML config in the published schema, with train_params")
        ->option_text("FILE.yaml")
        ->required()
        ->group("Files");
    add_data_flag(app, job_.data,
                  "heads: drawn heads without end, with known keypoints; or a folder of clips, with train and test in "
                  "it or not; for an autoencoder a folder of faces, or a text file with their paths");
    app.add_option("-o,--output", job_.output, "folder for the log, picture sheets, checkpoint and model")
        ->option_text("FOLDER")
        ->required()
        ->group("Files");
    app.add_option("--init", job_.init, "model or checkpoint whose weights a new run starts from, as far as they fit")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("--vgg", job_.vgg,
                   "VGG-19's ImageNet weights (vgg19-dcbb9e9d.pth) for the perceptual loss; default a structural one")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("--resume", job_.resume, "checkpoint to go on from; default the output folder's own")
        ->option_text("FILE")
        ->group("Files");
    add_options(app, "Training", job_.options);
    add_options(app, "Runtime", job_.options.runtime);
    add_progress_flag(app, progress_);
  }

  void run(std::stop_token stop) override {
    const auto progress = make_progress(progress_);
    const TrainSummary summary = engine().make_trainer()->train(job_, *progress, stop);
    if (job_.options.fit_only) {
      log::info("fitted in {:.0f} s", summary.seconds);
      std::puts(summary.model.c_str());
      return;
    }
    log::info("{} steps in {:.0f} s ({:.2f} a second): loss {:.4f} at first, {:.4f} at last",
              summary.steps - summary.first_step, summary.seconds,
              static_cast<double>(summary.steps - summary.first_step) / std::max(summary.seconds, 1e-9),
              summary.first_loss, summary.last_loss);
    if (summary.skipped > 0) {
      log::warn("{} times a clip or picture could not be read and another one was taken in its place", summary.skipped);
    }
    std::puts(summary.model.c_str());
  }

 private:
  TrainJob job_;
  std::string progress_ = "auto";
};

}  // namespace

std::unique_ptr<Command> make_train_command() { return std::make_unique<TrainCommand>(); }

}  // namespace animate::cli
