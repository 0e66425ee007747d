#include "serve/samples.h"

#include "catalog/program_files.h"

namespace animate::serve {

std::filesystem::path sample_file(const char* name) {
  for (const auto& folder : catalog::program_configs()) {
    std::error_code ec;
    if (std::filesystem::exists(folder / "default" / name, ec)) return folder / "default" / name;
  }
  return {};
}

}  // namespace animate::serve
