#pragma once

#include <memory>

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

}  // namespace animate::cli
