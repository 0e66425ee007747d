#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/fitted_name.h"
#include "base/path_text.h"
#include "batch/output_pattern.h"
#include "catalog/default_model.h"
#include "cli/bind_options.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/own_folder.h"
#include "cli/progress_display.h"
#include "motion/edit_values.h"
#include "report/job_report.h"

namespace animate::cli {
namespace {

namespace fs = std::filesystem;
using batch::stem_of;

constexpr const char* kEditExamples = R"(Settings:
  NAME=VALUE            the same in every frame; `animate edit --list` shows names and ranges
  NAME@TIME=VALUE,TIME=VALUE,…
                        keyframes: straight lines between them, held before the first and after the last;
                        TIME is seconds (1.5s) or the number of a frame (50f)

Examples:
  animate edit -s portrait.jpg -o smiling.jpg --set smile=0.6,yaw=-8,gaze_x=12,eyes=0.4
  animate edit -s portrait.jpg -o turning.mp4 --set yaw@0s=-20,2s=20,4s=-20 --set smile@1s=0,2s=1
  animate edit -s talk.mp4 -o calm.mp4 --set lip=0.05
)";

std::string number(double value) { return fmt::format("{:g}", value); }

void print_list() {
  std::puts(
      fmt::format("{:<10} {:>6} {:>6}  {:<8} {:<36} {}", "name", "from", "to", "neutral", "what it does", "other names")
          .c_str());
  for (const motion::EditControl& control : motion::edit_controls()) {
    std::string also(control.also[0]);
    if (!control.also[1].empty()) also += fmt::format(", {}", control.also[1]);
    std::string line =
        fmt::format("{:<10} {:>6} {:>6}  {:<8} {:<36} {}", control.name, number(control.low), number(control.high),
                    control.neutral ? number(*control.neutral) : "as it is", control.help, also);
    line.erase(line.find_last_not_of(' ') + 1);
    std::puts(line.c_str());
  }
}

// animate edit -s portrait.jpg --set smile=0.6: the face of a picture or video changed by hand.
class EditCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-s,--source", source_, "picture or video whose face is edited")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("-o,--output", output_,
                   "result: .jpg .png of a picture; .mp4 .mkv .mov .webm .gif or out-%05d.png of a video and of "
                   "keyframes; or a folder; default animations/{source}_edited.jpg or .mp4")
        ->option_text("FILE")
        ->group("Files");
    auto& own = options_.liveportrait;
    bind(app, "Editing", own, {"set", "silent-lips", "stitching"});
    app.add_flag("--list", list_, "print the names and ranges that --set knows, and stop")->group("Editing");
    add_model_flags(app, model_);
    app.get_option("--model")->description(
        "LivePortrait: the folder of its weights, the name of a found model, or a weights file; default: the first "
        "that is found");
    bind(app, "Face", own,
         {"face", "bbox", "points", "detector", "landmarks-106", "landmarks-203", "det-thresh", "on-lost"});
    bind(app, "Crop", options_.crop, {"crop", "paste-back"});
    bind(app, "Crop", own, {"scale", "vx-ratio", "vy-ratio", "rotation", "max-dim", "source-division", "compat"});
    bind(app, "Output", options_.output,
         {"codec", "crf", "pix-fmt", "show-keypoints", "provenance", "overwrite", "strict", "fps", "audio",
          "encoder-preset"});
    app.get_option("--fps")->option_text("N")->description(
        "constant frame rate of the result, as in 25 or 30000/1001; default the source video's, 25 for a "
        "picture with keyframes");
    app.get_option("--audio")->option_text("source|none|FILE [source]");
    app.add_option("--report", report_, "write what happened as JSON, also when the job fails")
        ->option_text("FILE.json")
        ->group("Output");
    add_options(app, "Runtime", options_.runtime);
    add_progress_flag(app, progress_);
    app.footer(kEditExamples);
  }

  void run(std::stop_token stop) override {
    if (list_) {
      print_list();
      return;
    }
    check(!source_.empty(), ErrorKind::Usage,
          "-s SOURCE is missing; give a picture or video: animate edit -s portrait.jpg --set smile=0.6");
    const EditSettings& settings = options_.liveportrait.set;
    if (options_.output.strict) settings.refuse_warnings();
    for (std::string* path : {&source_, &output_}) *path = path_of_text(*path);
    OwnFolder made;
    const AnimateJob job{source_, {}, choose_output(settings, made), options_};
    report::JobReport report(report_, job);
    const AnimateSummary summary = report.run([&] {
      engine().check_job(job);
      if (model_.model.empty()) model_.model = find_liveportrait();
      const auto model = engine().open_model(model_, options_.runtime);
      if (!report_.empty()) report.record().model = model->facts();
      const auto progress = make_progress(progress_);
      return model->run(job, *progress, stop);
    });
    std::puts(summary.output.c_str());
  }

 private:
  template <typename Options>
  static void bind(CLI::App& app, const std::string& group, Options& options,
                   std::initializer_list<std::string_view> names) {
    const auto rows = catalog::rows_of(options, group);
    for (const std::string_view name : names) bind_option(app, row_of(rows, name));
  }

  static std::string find_liveportrait() {
    const auto model = catalog::find_whole_liveportrait();
    check(
        model.has_value(), ErrorKind::Model,
        "no LivePortrait model is found, which editing needs; get it with `animate models fetch liveportrait`, or give "
        "the folder of its weights with -m");
    return model->location();
  }

  fs::path choose_output(const EditSettings& settings, OwnFolder& made) const {
    std::error_code ec;
    const bool named = !output_.empty() && !output_.ends_with('/') && !fs::is_directory(output_, ec);
    if (named) return output_;
    const bool still = names_one_picture(source_) && !settings.moves();
    const std::string name = stem_of(source_) + "_edited" + (still ? ".jpg" : ".mp4");
    const fs::path folder = output_.empty() ? fs::path("animations") : fs::path(output_);
    made.make(folder);
    return fitted_path(folder / name);
  }

  std::string source_;
  std::string output_;
  ModelSpec model_;
  AnimateOptions options_;
  std::string progress_ = "auto";
  bool list_ = false;
  std::string report_;
};

}  // namespace

std::unique_ptr<Command> make_edit_command() { return std::make_unique<EditCommand>(); }

}  // namespace animate::cli
