#pragma once

#include <memory>
#include <string>

#include "cli/command.h"

namespace animate::cli {

// The commands below `animate template`. All but make work on stored motion without LibTorch.
std::unique_ptr<Command> make_template_make();
std::unique_ptr<Command> make_template_info();
std::unique_ptr<Command> make_template_trim();
std::unique_ptr<Command> make_template_loop();
std::unique_ptr<Command> make_template_mirror();
std::unique_ptr<Command> make_template_blend();
std::unique_ptr<Command> make_template_retime();
std::unique_ptr<Command> make_template_convert();

// What a stored motion holds, on stdout. Throws Error(Input) or Error(Model) for anything else.
void print_template_info(const std::string& file, bool json);

}  // namespace animate::cli
