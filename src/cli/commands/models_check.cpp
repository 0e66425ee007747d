#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "base/error.h"
#include "cli/commands/models_commands.h"
#include "fetch/check_weights.h"

namespace animate::cli {
namespace {

const char* word_of(fetch::Verdict verdict) {
  switch (verdict) {
    case fetch::Verdict::Right: return "right";
    case fetch::Verdict::Wrong: return "WRONG";
    case fetch::Verdict::Absent: return "absent";
    default: return "unknown";
  }
}

// animate models check FOLDER: are these the published files?
class ModelsCheck : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("place", place_, "folder of weights, or one weights file")->option_text("FOLDER|FILE")->required();
  }

  void run(std::stop_token stop) override {
    const auto print = [](const fetch::CheckedFile& file) {
      fmt::print("{:<8} {}: {}\n", word_of(file.verdict), show(file.path), file.sentence);
      std::fflush(stdout);
    };
    const fetch::CheckReport report = fetch::check_weights(place_, catalog::published_weights(), print, stop);
    fmt::print("{} right, {} wrong, {} absent, {} unknown\n", report.right, report.wrong, report.absent,
               report.unknown);
    std::fflush(stdout);
    check(report.wrong == 0, ErrorKind::Input, "{}: {} of its files {} not what was published{}", show(place_),
          report.wrong, report.wrong == 1 ? "is" : "are",
          report.model.empty()
              ? "; get them again"
              : fmt::format("; `animate models fetch {} --to FOLDER --replace` gets them again", report.model));
  }

 private:
  std::string place_;
};

}  // namespace

std::unique_ptr<Command> make_models_check() { return std::make_unique<ModelsCheck>(); }

}  // namespace animate::cli
