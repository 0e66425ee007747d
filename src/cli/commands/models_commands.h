#pragma once

#include <memory>

#include "cli/command.h"

namespace animate::cli {

std::unique_ptr<Command> make_models_list();
std::unique_ptr<Command> make_models_fetch();
std::unique_ptr<Command> make_models_check();

}  // namespace animate::cli
