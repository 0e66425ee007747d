#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace animate::test {

// Where the golden fixtures lie: $ANIMATE_FIXTURES, else the small copies in tests/data/golden. Both have the same
// layout: <root>/fomm, <root>/liveportrait. Nothing outside the checkout is looked at unless a variable names it.
inline std::filesystem::path fixtures_root() {
  if (const char* root = std::getenv("ANIMATE_FIXTURES"); root != nullptr && *root != '\0') return root;
  return std::filesystem::path(ANIMATE_TEST_DATA) / "golden";
}

inline std::filesystem::path liveportrait_fixtures() { return fixtures_root() / "liveportrait"; }

// A file of the folder with real material (media/, weights/), which $ANIMATE_MATERIAL names; empty where it is absent.
inline std::filesystem::path material(const std::filesystem::path& name) {
  const char* root = std::getenv("ANIMATE_MATERIAL");
  if (root == nullptr || *root == '\0') return {};
  auto path = std::filesystem::path(root) / name;
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  return nlohmann::json::parse(file);
}

}  // namespace animate::test
