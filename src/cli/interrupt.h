#pragma once

#include <stop_token>

namespace animate::cli {

// Turns the first Ctrl-C (or SIGTERM) into a stop request, so that a job can clean up; a second one ends the program
// at once. Call once, at the start.
std::stop_token stop_on_interrupt();

}  // namespace animate::cli
