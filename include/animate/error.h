#pragma once

#include <stdexcept>
#include <string>

#include "animate/export.h"

namespace animate {

// Who has to act on an error, and so which exit code it becomes.
enum class ErrorKind {
  Usage,      // a flag or a combination of flags: exit code 2
  Input,      // a file of the user's: exit code 1
  DiskFull,   // no space left where something is written: exit code 1; what follows would fail alike
  Model,      // a checkpoint, a config or a network: exit code 1
  Cancelled,  // Ctrl-C or a stop request: exit code 130
  Internal,   // a bug of ours: exit code 1; fuzz tests assert that it never appears
};

// The one exception type of the program. The message is one sentence for the user:
// it names the file or flag, says what is wrong and what to do, as in
//   "clip.mp4: the file is empty; download or copy it again".
// Thrown where the fault is found, logged once, in cli::run.
class ANIMATE_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace animate
