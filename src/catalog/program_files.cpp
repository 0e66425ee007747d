#include "catalog/program_files.h"

namespace animate::catalog {

namespace fs = std::filesystem;

std::vector<fs::path> program_configs() {
  std::vector<fs::path> folders;
  std::error_code ec;
  const fs::path program = fs::read_symlink("/proc/self/exe", ec);
  if (!ec) folders.push_back((program.parent_path() / ANIMATE_SHARE_FROM_BIN / "configs").lexically_normal());
  folders.emplace_back(ANIMATE_SOURCE_CONFIGS);
  return folders;
}

}  // namespace animate::catalog
