#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <stop_token>
#include <vector>

namespace animate::cli {

// One subcommand: declares its flags, then runs. A new command is one file in commands/ and one line in app.cpp.
class Command {
 public:
  virtual ~Command() = default;
  virtual void declare(CLI::App& app) = 0;
  // Throws animate::Error. What it prints on stdout is its result.
  virtual void run(std::stop_token stop) = 0;
};

std::unique_ptr<Command> make_animate_command();
std::unique_ptr<Command> make_edit_command();
std::unique_ptr<Command> make_morph_command();
std::unique_ptr<Command> make_faces_command();
std::unique_ptr<Command> make_dream_command();
std::unique_ptr<Command> make_batch_command();
std::unique_ptr<Command> make_template_command();
std::unique_ptr<Command> make_inspect_command();
std::unique_ptr<Command> make_convert_command();
std::unique_ptr<Command> make_bench_command();
std::unique_ptr<Command> make_heads_command();
std::unique_ptr<Command> make_completion_command();
std::unique_ptr<Command> make_crops_command();
std::unique_ptr<Command> make_models_command();
std::unique_ptr<Command> make_doctor_command();
std::unique_ptr<Command> make_train_command();
std::unique_ptr<Command> make_evaluate_command();
std::unique_ptr<Command> make_serve_command();

}  // namespace animate::cli
