#pragma once

#include <filesystem>
#include <stop_token>

#include "animate/engine.h"
#include "serve/settings.h"

namespace animate::serve {

// Serves until `stop` is requested; prints the address as its one line on stdout once it can be opened. Throws
// animate::Error for settings, an address or a folder that cannot be used.
void serve(ServeSettings settings, const Engine& engine, std::stop_token stop);

// Where files and results lie when --data is not given: $XDG_DATA_HOME/animate/serve, else ~/.local/share/….
std::filesystem::path default_data_folder();

}  // namespace animate::serve
