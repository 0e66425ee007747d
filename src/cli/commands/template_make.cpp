#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "base/error.h"
#include "base/path_text.h"
#include "cli/commands/template_commands.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/progress_display.h"

namespace animate::cli {
namespace {

// animate template make -d clip.mp4 -o clip.motion: the motion of a clip, for use as a driver without its pictures.
class TemplateMake : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-d,--driving", driving_, "clip whose motion is stored; idle: as --idle")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("-o,--output", output_, "motion template to write, as in smile.motion")
        ->option_text("FILE")
        ->required()
        ->group("Files");
    add_model_flags(app, model_);
    app.add_flag("--overwrite,!--no-overwrite", options_.output.overwrite,
                 "replace a file that exists already (default on)")
        ->group("Files");
    add_options(app, "Driving clip", options_.driving);
    app.add_flag("--idle", idle_, "motion without a clip: sway, breath, blinks, gaze; goes round without a seam")
        ->group(catalog::kIdleGroup);
    add_options(app, catalog::kIdleGroup, options_.idle);
    bind_option(app, row_of(catalog::rows_of(options_.output, catalog::kIdleGroup), "fps"));
    app.get_option("--fps")->option_text("N [25]")->description("frames a second of --idle");
    add_options(app, "Runtime", options_.runtime);
    bind_options(app, catalog::family_rows_of(options_));
    add_progress_flag(app, progress_);
  }

  void run(std::stop_token stop) override {
    check(!idle_ || driving_.empty() || driving_ == kIdleDriver, ErrorKind::Usage,
          "--idle: moves without a driver; leave out -d {}", show(driving_));
    if (idle_) driving_ = kIdleDriver;
    check(!driving_.empty(), ErrorKind::Usage, "-d DRIVING is missing; give a clip, or --idle for motion without one");
    for (std::string* path : {&driving_, &output_}) *path = path_of_text(*path);
    const TemplateJob job{driving_, output_, options_};
    engine().check_template_job(job);
    model_.fomm = options_.fomm;
    const auto model = engine().open_model(model_, options_.runtime);
    const auto progress = make_progress(progress_);
    std::puts(model->run(job, *progress, stop).output.c_str());
  }

 private:
  std::string driving_;
  std::string output_;
  ModelSpec model_;
  AnimateOptions options_;
  std::string progress_ = "auto";
  bool idle_ = false;
};

}  // namespace

std::unique_ptr<Command> make_template_make() { return std::make_unique<TemplateMake>(); }

}  // namespace animate::cli
