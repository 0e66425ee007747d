#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/progress_display.h"

namespace animate::cli {
namespace {

// animate crops FILM: how to cut a film into clips of one head each, to train on or to drive with.
class CropsCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("film,-i,--inp", film_, "the film: a video")->option_text("FILE");
    add_options(app, "Clips", options_);
    app.footer("Prints an ffmpeg command for every clip, as crop-video.py of the First Order Motion Model does.");
  }

  void run(std::stop_token stop) override {
    check(!film_.empty(), ErrorKind::Usage, "a film is missing; give one: animate crops film.mp4");
    const auto progress = make_progress("auto");
    const auto commands = engine().make_toolbox()->suggest_crops(film_, options_, *progress, stop);
    if (commands.empty()) {
      log::warn("{}: no face stays in one place for more than {} frames; give a lower --min-frames", show(film_),
                options_.min_frames);
    }
    for (const std::string& command : commands) std::puts(command.c_str());
  }

 private:
  std::filesystem::path film_;
  CropsOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_crops_command() { return std::make_unique<CropsCommand>(); }

}  // namespace animate::cli
