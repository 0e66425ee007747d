#include <array>
#include <cstdio>
#include <string_view>

#include "base/error.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/man_page.h"

namespace animate::cli {
namespace {

struct Writer {
  const char* name;
  std::string (*write)(const Outline&);
};
constexpr auto kWriters = std::to_array<Writer>(
    {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}, {"man", man_page}});

// animate completion SHELL: what a shell reads to complete this program's flags; and the manual page.
class CompletionCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app_ = &app;
    app.add_option("shell", shell_, "bash, zsh or fish; man: the manual page")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish", "man"}))
        ->option_text("bash|zsh|fish|man");
    app.footer(R"(Installed with the program. By hand:
  animate completion bash >~/.local/share/bash-completion/completions/animate
  animate completion zsh >"${fpath[1]}/_animate"
  animate completion fish >~/.config/fish/completions/animate.fish
  animate completion man | man -l -
)");
  }

  void run(std::stop_token) override {
    const CLI::App* program = app_;
    while (program->get_parent() != nullptr) program = program->get_parent();
    for (const Writer& writer : kWriters) {
      if (shell_ == writer.name) std::fputs(writer.write(outline_of(*program)).c_str(), stdout);
    }
  }

 private:
  const CLI::App* app_ = nullptr;
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_completion_command() { return std::make_unique<CompletionCommand>(); }

}  // namespace animate::cli
