#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace animate::cli {

// The commands and flags of the program as plain data, read from what CLI11 was told: --help, the completions of the
// shells and the manual page say the same.

struct OutlineFlag {
  std::vector<std::string> names;    // with their dashes, as in -s, --source; a positional word has one without
  std::vector<std::string> no;       // the --no- forms of a switch
  std::string value;                 // what follows, as in "FILE" or "auto|haar|FILE.onnx"; empty for a switch
  std::string usual;                 // the default, where there is one to tell
  std::string help;                  // one sentence
  std::string group;                 // of --help
  std::vector<std::string> choices;  // words that the value may be
  bool file = false;                 // the value may be a path
  bool positional = false;           // it has no name of its own to type
};

struct Outline {
  std::string name;  // "animate", "template", "make"
  std::string summary;
  std::string footer;  // notes and examples, lines of text
  std::vector<OutlineFlag> flags;
  std::vector<Outline> commands;
};

// Of an app and all its subcommands; hidden ones (an empty group) are left out.
Outline outline_of(const CLI::App& app);

}  // namespace animate::cli
