#include <array>
#include <utility>
#include <vector>

#include "cli/commands/models_commands.h"

namespace animate::cli {
namespace {

struct Entry {
  const char* name;
  const char* summary;
  std::unique_ptr<Command> (*make)();
};

constexpr auto kEntries = std::to_array<Entry>({
    {"list", "what is found and what could be fetched (also without the word list)", make_models_list},
    {"fetch", "download published weights: resumed after a cut, verified, whole or not at all", make_models_fetch},
    {"check", "compare weights with the published sizes and SHA-256", make_models_check},
});

constexpr const char* kModelsExamples = R"(Examples:
  animate models                                 what is here, what is missing, what it may be used for
  animate models fetch liveportrait              into the model search path; goes on where it was cut
  animate models fetch liveportrait --from http://files.example/weights --to models/liveportrait
  animate models check pretrained_weights        damaged and mistaken files, LFS pointers
)";

// animate models …: weights that look after themselves.
class ModelsCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.footer(kModelsExamples);
    app.require_subcommand(0, 1);
    for (const Entry& entry : kEntries) {
      CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
      sub->fallthrough();  // -v and -q belong to `models`
      sub->configurable(false);
      commands_.emplace_back(sub, entry.make());
      commands_.back().second->declare(*sub);
    }
    list_ = make_models_list();
    list_->declare(app);  // `animate models --json` lists, too
  }

  void run(std::stop_token stop) override {
    for (const auto& [sub, command] : commands_) {
      if (sub->parsed()) return command->run(stop);
    }
    list_->run(stop);
  }

 private:
  std::vector<std::pair<CLI::App*, std::unique_ptr<Command>>> commands_;
  std::unique_ptr<Command> list_;
};

}  // namespace

std::unique_ptr<Command> make_models_command() { return std::make_unique<ModelsCommand>(); }

}  // namespace animate::cli
