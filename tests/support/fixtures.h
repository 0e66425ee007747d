#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace animate::test {

// Where the golden fixtures lie: $ANIMATE_FIXTURES, else ../shared/fixtures beside the project, else the
// small copies in tests/data/golden. All three have the same layout: <root>/fomm, <root>/liveportrait.
inline std::filesystem::path fixtures_root() {
  namespace fs = std::filesystem;
  if (const char* root = std::getenv("ANIMATE_FIXTURES"); root != nullptr && *root != '\0') return root;
  const fs::path data = ANIMATE_TEST_DATA;
  const fs::path shared = data.parent_path().parent_path().parent_path() / "shared" / "fixtures";
  return fs::exists(shared) ? shared : data / "golden";
}

// The folder with large real material (media, weights), or an empty path where it is absent.
inline std::filesystem::path shared_root() {
  const std::filesystem::path data = ANIMATE_TEST_DATA;
  const std::filesystem::path shared = data.parent_path().parent_path().parent_path() / "shared";
  return std::filesystem::exists(shared) ? shared : std::filesystem::path();
}

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  return nlohmann::json::parse(file);
}

}  // namespace animate::test
