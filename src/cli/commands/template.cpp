#include <array>
#include <utility>
#include <vector>

#include "base/error.h"
#include "cli/commands/template_commands.h"

namespace animate::cli {
namespace {

struct TemplateVerb {
  const char* name;
  const char* summary;
  std::unique_ptr<Command> (*make)();
};

constexpr auto kTemplateVerbs = std::to_array<TemplateVerb>({
    {"make", "store the motion of a clip", make_template_make},
    {"info", "tell what a template holds", make_template_info},
    {"trim", "keep a part of it", make_template_trim},
    {"loop", "find the part that goes round without a jump", make_template_loop},
    {"mirror", "exchange left and right", make_template_mirror},
    {"blend", "mix two templates, or let one go over into the other", make_template_blend},
    {"retime", "change its frame rate or its speed", make_template_retime},
    {"convert", "rewrite it in the other format", make_template_convert},
});

constexpr const char* kTemplateExamples =
    R"(Templates are read in both formats, told by content: ours, and LivePortrait's pickles, of which nothing is executed.
A name that ends in .pkl is written for LivePortrait, any other in our format.

Examples:
  animate template make -d smile.mp4 -o smile.motion     (also without the word make)
  animate template make --idle --seconds 20 -o living.motion
  animate template info laugh.pkl
  animate template trim smile.motion --start 1 --end 2.5 -o short.motion
  animate template loop talking.pkl --min-length 2 -o talking-loop.pkl
  animate template blend laugh.pkl wink.pkl --weight 0.3 -o both.motion
  animate template convert smile.motion -o smile.pkl
)";

// animate template …: motion without pictures, stored and edited.
class TemplateCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.footer(kTemplateExamples);
    app.require_subcommand(0, 1);
    for (const TemplateVerb& entry : kTemplateVerbs) {
      CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
      sub->fallthrough();  // -v and -q belong to `template`
      sub->configurable(false);
      commands_.emplace_back(sub, entry.make());
      commands_.back().second->declare(*sub);
    }
  }

  void run(std::stop_token stop) override {
    for (const auto& [sub, command] : commands_) {
      if (sub->parsed()) return command->run(stop);
    }
    fail(ErrorKind::Usage, "template: what to do is missing; `animate template --help` lists make, info, trim, …");
  }

 private:
  std::vector<std::pair<CLI::App*, std::unique_ptr<Command>>> commands_;
};

}  // namespace

std::unique_ptr<Command> make_template_command() { return std::make_unique<TemplateCommand>(); }

}  // namespace animate::cli
