#include "cli/app.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/nearest.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/help_formatter.h"
#include "cli/interrupt.h"
#include "cli/program_version.h"

namespace animate::cli {
namespace {

struct CommandEntry {
  const char* name;
  const char* summary;
  std::unique_ptr<Command> (*make)();
};

constexpr auto kCommands = std::to_array<CommandEntry>({
    {"batch", "animate many portraits with many drivers; goes on where a killed run ended", make_batch_command},
    {"edit", "change the face of a picture or video by hand: smile, gaze, pose, keyframes", make_edit_command},
    {"morph", "let one face become another, or a chain of faces", make_morph_command},
    {"faces", "draw faces that nobody has: a sheet, single pictures, a walk through them", make_faces_command},
    {"dream", "let a photo move without a driver, by a video diffusion model", make_dream_command},
    {"serve", "a page for the browser, an HTTP interface and the live camera, on this machine", make_serve_command},
    {"template", "store the motion of a clip, to drive with it later; edit stored motion", make_template_command},
    {"inspect", "tell what a checkpoint, template, picture or video holds", make_inspect_command},
    {"convert", "rewrite a checkpoint as safetensors", make_convert_command},
    {"bench", "measure the networks on this machine", make_bench_command},
    {"heads", "draw a head and a clip of another one, with their true keypoints", make_heads_command},
    {"crops", "tell how to cut a film into clips of one head each", make_crops_command},
    {"train", "train a First Order Motion Model, or an autoencoder of faces", make_train_command},
    {"evaluate", "measure models: reconstruction, transfer of motion, jitter, faces drawn from codes",
     make_evaluate_command},
    {"models", "list the models that are found, fetch and check weights", make_models_command},
    {"doctor", "tell what runs on this machine, what is missing for what, and the next step", make_doctor_command},
    {"completion", "print completions for a shell, or the manual page", make_completion_command},
});

constexpr const char* kExamples = R"(Examples:
  animate -s portrait.jpg -d talking.mp4 --crop auto --paste-back
      animates the face in a photo and puts it back into the full picture
  animate template -d smile.mp4 -o smile.motion && animate -s a.png -d smile.motion -o a.webm
      stores a motion once and uses it without the clip
  animate --config vox-256.yaml --checkpoint vox-cpk.pth.tar -s a.png -d b.mp4 -o c.mp4 --adapt-scale --reference auto
      runs a published First Order Motion Model from the pose that is nearest to the source's
)";

// -v and -q, in every command.
struct Verbosity {
  bool verbose = false;
  bool quiet = false;

  void declare(CLI::App& app) {
    app.add_flag("-v,--verbose", verbose, "tell more on stderr")->group("Program");
    app.add_flag("-q,--quiet", quiet, "only warnings and errors on stderr")->group("Program");
  }
};

void collect_own_flags(const CLI::App& app, std::set<std::string>& flags) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.insert("--" + name);
    for (const std::string& name : option->get_snames()) flags.insert("-" + name);
    for (const std::string& name : option->get_fnames()) flags.insert("--" + name);
  }
}

void collect_flags(const CLI::App& app, std::set<std::string>& flags) {
  collect_own_flags(app, flags);
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) collect_flags(*sub, flags);
}

std::string unknown_sentence(const std::string& word, const std::set<std::string>& flags,
                             const std::vector<std::string>& commands) {
  const std::string name = word.substr(0, word.find('='));
  const std::vector<std::string> known(flags.begin(), flags.end());
  const bool flag = word.starts_with("-");
  const std::string hint = flag ? nearest(name, known) : nearest(name, commands);
  if (flag) {
    return hint.empty() ? fmt::format("{}: unknown flag; `animate --help` lists them", name)
                        : fmt::format("{}: unknown flag; did you mean {}?", name, hint);
  }
  return hint.empty() ? fmt::format("{}: unexpected word; give files with -s, -d and -o", name)
                      : fmt::format("{}: unknown command; did you mean {}?", name, hint);
}

class Program {
 public:
  Program() : app_("Brings a still picture to life: it moves like the driving clip.", "animate") {
    app_.set_version_flag("--version", "animate " + program_version(), "print the version and the commit")
        ->group("Program");
    app_.get_help_ptr()->group("Program");
    app_.set_config("--preset-file", "", "")->group("");
    app_.allow_config_extras(CLI::config_extras_mode::error);
    app_.require_subcommand(0, 1);
    const auto formatter = std::make_shared<HelpFormatter>();
    formatter->column_width(38);
    app_.formatter(formatter);
    app_.footer(kExamples);
    commands_.push_back(make_animate_command());
    commands_.back()->declare(app_);
    verbosity_.declare(app_);
    for (const CommandEntry& entry : kCommands) {
      CLI::App* sub = app_.add_subcommand(entry.name, entry.summary);
      sub->configurable(false);
      commands_.push_back(entry.make());
      commands_.back()->declare(*sub);
      verbosity_.declare(*sub);
      subs_.push_back(sub);
    }
  }

  // nullptr when there is nothing left to run (--help, --version).
  Command* parse(std::vector<std::string> words) {
    std::set<std::string> flags;
    collect_flags(app_, flags);
    if (!words.empty() && words.front() == "animate") words.erase(words.begin());
    words = normalise_arguments(std::move(words), flags);
    std::reverse(words.begin(), words.end());
    try {
      app_.parse(words);
    } catch (const CLI::Success& success) {
      app_.exit(success);
      return nullptr;
    } catch (const CLI::ConfigError& error) {
      fail(ErrorKind::Usage, "--preset: {}; `animate --print-config` shows the names", error.what());
    } catch (const CLI::FileError& error) {
      fail(ErrorKind::Usage, "--preset: {}; check the path", error.what());
    } catch (const CLI::ExtrasError&) {
      fail(ErrorKind::Usage, "{}", explain_extras());
    } catch (const CLI::ParseError& error) {
      fail(ErrorKind::Usage, "{}; see `animate --help`", error.what());
    }
    if (verbosity_.verbose) log::set_level(log::Level::Debug);
    if (verbosity_.quiet) log::set_level(log::Level::Warning);
    for (size_t i = 0; i < subs_.size(); ++i) {
      if (subs_[i]->parsed()) return commands_[i + 1].get();
    }
    return commands_.front().get();
  }

 private:
  // Only the flags of the command that was given are proposed.
  std::set<std::string> flags_of_the_command() const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    std::set<std::string> flags;
    collect_own_flags(*app, flags);
    return flags;
  }

  std::string explain_extras() const {
    std::vector<std::string> names;
    names.reserve(kCommands.size());
    for (const CommandEntry& entry : kCommands) names.emplace_back(entry.name);
    for (const CLI::App* sub : subs_) {
      for (const CLI::App* nested : sub->get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(nested->get_name());
      }
    }
    const auto extras = app_.remaining(/*recurse=*/true);
    return extras.empty() ? "too many words; see `animate --help`"
                          : unknown_sentence(extras.front(), flags_of_the_command(), names);
  }

  CLI::App app_;
  Verbosity verbosity_;
  std::vector<std::unique_ptr<Command>> commands_;
  std::vector<CLI::App*> subs_;
};

}  // namespace

int run(int argc, char** argv) {
  const std::stop_token stop = stop_on_interrupt();
  try {
    Program program;
    Command* command = program.parse({argv + 1, argv + argc});
    if (command != nullptr) command->run(stop);
    return static_cast<int>(ExitCode::Success);
  } catch (const Error& error) {
    log::error("{}", error.what());
    return static_cast<int>(exit_code_of(error.kind()));
  } catch (const std::system_error& error) {
    // Whoever read our output has seen enough, as in `animate inspect … | head`.
    if (error.code().value() == EPIPE) return static_cast<int>(ExitCode::Success);
    log::error("internal error: {}", error.what());
    return static_cast<int>(ExitCode::Failure);
  } catch (const std::exception& error) {
    log::error("internal error: {}", error.what());
    return static_cast<int>(ExitCode::Failure);
  }
}

}  // namespace animate::cli
