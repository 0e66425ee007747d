#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

namespace animate::report {

// The files that an input is made of, sorted by name: the file itself, a folder's files, or those that fit a pattern
// like frames/%05d.png. Empty where there is nothing.
std::vector<std::filesystem::path> files_of_input(const std::filesystem::path& path);

// {path, bytes, sha256}; of a folder or pattern also {files}, and the hash is that of the lines "HASH  NAME", as
// sha256sum prints them. What cannot be read is told as {path, error}: a report must be possible of a job that failed
// for this very reason.
nlohmann::ordered_json input_facts(const std::filesystem::path& path);

}  // namespace animate::report
