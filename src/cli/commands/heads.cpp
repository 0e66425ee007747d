#include <cstdio>

#include "base/log.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"

namespace animate::cli {
namespace {

// animate heads -o FOLDER: a drawn source, a driving clip of another head, and the truth about its keypoints.
class HeadsCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-o,--output", output_, "folder for source.png, driving.mp4 and keypoints.csv")
        ->required()
        ->option_text("FOLDER");
    add_options(app, "Heads", options_);
  }

  void run(std::stop_token) override {
    log::info("{}", engine().make_toolbox()->heads(output_, options_));
    std::puts(output_.c_str());
  }

 private:
  std::string output_;
  HeadsOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_heads_command() { return std::make_unique<HeadsCommand>(); }

}  // namespace animate::cli
