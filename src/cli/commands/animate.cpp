#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/fitted_name.h"
#include "base/path_text.h"
#include "batch/output_pattern.h"
#include "cli/bind_options.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/own_folder.h"
#include "cli/progress_display.h"
#include "report/job_report.h"

namespace animate::cli {
namespace {

namespace fs = std::filesystem;
using batch::stem_of;

// Where the result goes: the name given, a name of our making inside a folder given, or inside animations/.
// The names are LivePortrait's, with _concat for the row of --concat.
fs::path choose_output(const std::string& output, const fs::path& source, const fs::path& driving, bool concat,
                       bool preview, OwnFolder& made) {
  const bool still = names_one_picture(source) && names_one_picture(driving);
  std::string name = stem_of(source) + "--" + stem_of(driving) + (concat ? "_concat" : "") + (still ? ".jpg" : ".mp4");
  if (preview) name = stem_of(source) + "--" + stem_of(driving) + "_preview.png";
  std::error_code ec;
  if (output.empty() || output.ends_with('/')) {
    const fs::path folder = output.empty() ? fs::path("animations") : fs::path(output);
    made.make(folder);
    return fitted_path(folder / name);
  }
  return fs::is_directory(output, ec) ? fitted_path(fs::path(output) / name) : fs::path(output);
}

// animate -s source -d driver: the main job.
class AnimateCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-s,--source", source_,
                   "picture to animate; with liveportrait also a video or a folder of its frames")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("-d,--driving", driving_,
                   "where the motion comes from: video, GIF, folder of pictures, frames/%05d.png, or motion template; "
                   "idle: from nowhere, see --idle")
        ->option_text("FILE")
        ->group("Files");
    app.add_option(
           "-o,--output", output_,
           "result: .mp4 .mkv .mov .webm .gif, out-%05d.png, or a folder; default animations/{source}--{driving}.mp4")
        ->option_text("FILE")
        ->group("Files");
    add_model_flags(app, model_);
    bind_options(app, catalog::driven_rows_of(options_));
    app.add_flag("--idle", idle_, "just make it live: the head sways, breathes, blinks and looks around; as -d idle")
        ->group(catalog::kIdleGroup);
    app.get_option("--encoder-preset")
        ->option_text("NAME|FILE.toml")
        ->description("speed of the encoder, as in fast or slow; --preset FILE.toml reads options from a file instead");
    preview_flag_ = app.add_option("--preview", preview_,
                                   "write a contact sheet in place of the result, to FILE.png or where -o says: source "
                                   "with crop and keypoints, five driving frames and what is made of them")
                        ->expected(0, 1)
                        ->option_text("[FILE.png]")
                        ->group("Output");
    app.add_option("--report", report_,
                   "write what happened as JSON, also when the job fails: hashes of inputs and model, options, times, "
                   "frames without a face, jitter, warnings")
        ->option_text("FILE.json")
        ->group("Output");
    add_progress_flag(app, progress_);
    app.add_flag("--print-config", print_config_, "print all options as TOML, for --preset, and stop")
        ->group("Program");
  }

  void run(std::stop_token stop) override {
    if (print_config_) {
      std::fputs(to_toml(catalog::driven_rows_of(options_)).c_str(), stdout);
      return;
    }
    if (idle_) {
      check(driving_.empty() || driving_ == kIdleDriver, ErrorKind::Usage,
            "--idle: moves without a driver; leave out -d {}", show(driving_));
      driving_ = kIdleDriver;
    }
    check(!source_.empty() && !driving_.empty(), ErrorKind::Usage,
          "{} is missing; give a picture and a driver: animate -s source.jpg -d driving.mp4",
          source_.empty() ? "-s SOURCE" : "-d DRIVING");
    for (std::string* path : {&source_, &driving_, &output_}) *path = path_of_text(*path);
    OwnFolder made;
    const bool preview = preview_flag_->count() > 0;
    const AnimateJob job{source_, driving_,
                         choose_output(preview && !preview_.empty() ? preview_ : output_, source_, driving_,
                                       options_.output.concat, preview, made),
                         options_, preview};
    report::JobReport report(report_, job);
    const AnimateSummary summary = report.run([&] {
      engine().check_job(job);
      model_.fomm = options_.fomm;
      const auto model = engine().open_model(model_, options_.runtime);
      if (!report_.empty()) report.record().model = model->facts();
      const auto progress = make_progress(progress_);
      return model->run(job, *progress, stop);
    });
    std::puts(summary.output.c_str());
  }

 private:
  std::string source_;
  std::string driving_;
  std::string output_;
  ModelSpec model_;
  AnimateOptions options_;
  std::string progress_ = "auto";
  std::string report_;
  std::string preview_;
  CLI::Option* preview_flag_ = nullptr;
  bool print_config_ = false;
  bool idle_ = false;
};

}  // namespace

std::unique_ptr<Command> make_animate_command() { return std::make_unique<AnimateCommand>(); }

}  // namespace animate::cli
