#include <cstdio>

#include "base/log.h"
#include "base/overwrite.h"
#include "cli/command.h"
#include "cli/engine_loader.h"

namespace animate::cli {
namespace {

// animate convert IN OUT.safetensors: any readable checkpoint in the form we recommend.
class ConvertCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("input", input_, "checkpoint to read: .pth.tar, .pth, .pt or .safetensors, told by content")
        ->required();
    app.add_option("output,-o,--output", output_, "file to write, .safetensors")->required();
    app.add_flag("--overwrite,!--no-overwrite", overwrite_, "replace a file that exists already (default on)");
    app.add_option("--config", options_.config, "YAML config of the weights; default: told from their shapes")
        ->option_text("FILE.yaml");
    app.add_flag("--half", options_.half, "store floating-point weights in 16 bits");
  }

  void run(std::stop_token) override {
    check_overwrite(output_, overwrite_);
    log::info("{}", engine().make_toolbox()->convert(input_, output_, options_));
    std::puts(output_.c_str());
  }

 private:
  std::string input_;
  std::string output_;
  ConvertOptions options_;
  bool overwrite_ = true;
};

}  // namespace

std::unique_ptr<Command> make_convert_command() { return std::make_unique<ConvertCommand>(); }

}  // namespace animate::cli
