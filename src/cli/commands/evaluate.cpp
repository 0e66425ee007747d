#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "animate/evaluator.h"
#include "base/command_line.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/evaluation_table.h"
#include "cli/progress_display.h"

namespace animate::cli {
namespace {

// animate evaluate: the paper's protocol on clips, and on drawn heads, where the truth is known.
class EvaluateCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-m,--model", job_.models,
                   "name of a found model, a folder with config and weights, or a weights file; several -m make one "
                   "table; default: the drawn-heads model that ships")
        ->allow_extra_args(false)
        ->option_text("NAME|FOLDER|FILE")
        ->group("Model");
    app.add_option("--config", job_.config, "YAML config of those weights that do not carry one")
        ->option_text("FILE.yaml")
        ->group("Model");
    add_data_flag(
        app, job_.data,
        "heads: drawn heads; or a folder of clips (its test part), or one clip: a file or a folder of frames; for an "
        "autoencoder a folder of faces, or a list of them");
    app.add_option("-o,--output", job_.output, "folder for report.json and sheet.png")
        ->option_text("FOLDER")
        ->group("Files");
    app.add_option("--keypoints", job_.keypoints, "network that finds keypoints, for AKD and MKR")
        ->option_text("FILE.onnx")
        ->group("Files");
    app.add_option("--embedding", job_.embedding, "network that describes an identity by a vector, for AED")
        ->option_text("FILE.onnx")
        ->group("Files");
    app.add_option("--keypoints-real", job_.keypoints_real,
                   "keypoints of the real frames (clip,frame,point,x,y; missing: -1): compared, no model runs")
        ->option_text("FILE.csv")
        ->group("Files");
    app.add_option("--keypoints-generated", job_.keypoints_generated, "keypoints of the generated frames")
        ->option_text("FILE.csv")
        ->group("Files");
    add_options(app, "Measurement", job_.options);
    add_options(app, "Runtime", job_.options.runtime);
    add_progress_flag(app, progress_);
  }

  void run(std::stop_token stop) override {
    job_.command_line = shown_command_line();
    const auto progress = make_progress(progress_);
    const EvaluationReport report = engine().make_evaluator()->evaluate(job_, *progress, stop);
    double seconds = 0;
    for (const EvaluatedModel& model : report.models) seconds += model.seconds;
    log::info("{} in {:.0f} s{}", report.models.size() == 1 ? "measured" : "all measured", seconds,
              job_.output.empty() ? "" : "; the report is in " + show(job_.output));
    std::fputs(to_table(report).c_str(), stdout);
  }

 private:
  EvaluateJob job_;
  std::string progress_ = "auto";
};

}  // namespace

std::unique_ptr<Command> make_evaluate_command() { return std::make_unique<EvaluateCommand>(); }

}  // namespace animate::cli
