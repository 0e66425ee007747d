#include "report/input_facts.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "digest/sha256.h"

namespace animate::report {
namespace {

namespace fs = std::filesystem;

// "frames/img-%05d.png": what stands before and behind the number.
bool fits(std::string_view name, std::string_view pattern) {
  const size_t percent = pattern.find('%');
  const size_t d = pattern.find('d', percent);
  const std::string_view before = pattern.substr(0, percent);
  const std::string_view behind = pattern.substr(d + 1);
  if (name.size() <= before.size() + behind.size() || !name.starts_with(before) || !name.ends_with(behind))
    return false;
  const std::string_view number = name.substr(before.size(), name.size() - before.size() - behind.size());
  return std::all_of(number.begin(), number.end(), [](char c) { return '0' <= c && c <= '9'; });
}

bool is_pattern(std::string_view name) {
  const size_t percent = name.find('%');
  if (percent == std::string_view::npos) return false;
  const size_t d = name.find_first_not_of("0123456789", percent + 1);
  return d != std::string_view::npos && name[d] == 'd';
}

}  // namespace

std::vector<fs::path> files_of_input(const fs::path& path) {
  std::error_code ec;
  if (fs::is_regular_file(path, ec)) return {path};
  const std::string name = path.filename().string();
  const bool folder = fs::is_directory(path, ec);
  std::vector<fs::path> files;
  if (!folder && !is_pattern(name)) return files;
  const fs::path parent = folder ? path : path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(parent, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored)) continue;
    if (folder || fits(entry->path().filename().string(), name)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

nlohmann::ordered_json input_facts(const fs::path& path) {
  nlohmann::ordered_json facts{{"path", path.string()}};
  try {
    const auto files = files_of_input(path);
    if (files.empty()) {
      facts["error"] = "no such file";
      return facts;
    }
    uintmax_t bytes = 0;
    std::string lines;
    std::string hash;
    for (const fs::path& file : files) {
      bytes += fs::file_size(file);
      hash = digest::sha256_of(file);
      lines += hash + "  " + file.filename().string() + "\n";
    }
    const bool single = files.size() == 1 && files.front() == path;
    if (!single) facts["files"] = files.size();
    facts["bytes"] = bytes;
    facts["sha256"] = single ? hash : digest::sha256_of_text(lines);
  } catch (const Error& error) {
    facts["error"] = error.what();
  } catch (const fs::filesystem_error& error) {
    facts["error"] = error.code().message();
  }
  return facts;
}

}  // namespace animate::report
