#pragma once

#include "animate/error.h"

namespace animate::cli {

// What the shell sees.
enum class ExitCode : int {
  Success = 0,
  Failure = 1,        // bad input, bad model, or a bug of ours
  Usage = 2,          // wrong flags
  Interrupted = 130,  // Ctrl-C, as shells count it
};

inline ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage: return ExitCode::Usage;
    case ErrorKind::Cancelled: return ExitCode::Interrupted;
    default: return ExitCode::Failure;
  }
}

}  // namespace animate::cli
