#include "cli/program_version.h"

#include "animate/version.h"

// Written at every build (AnimateCommit.cmake), so only this file reads it.
#include <commit.h>

namespace animate::cli {

std::string program_version() {
  const std::string commit = ANIMATE_COMMIT;
  return commit.empty() ? ANIMATE_VERSION : ANIMATE_VERSION " (" + commit + ")";
}

}  // namespace animate::cli
