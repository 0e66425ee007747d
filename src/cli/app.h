#pragma once

namespace animate::cli {

// The program: parses the command line, runs one command, prints what went wrong in one line on stderr.
// Returns the exit code.
int run(int argc, char** argv);

}  // namespace animate::cli
