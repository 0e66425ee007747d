#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace animate::doctor {

// What a shared library needs and where the system's loader would take it from.
struct LinkedLibraries {
  bool listed = false;                                 // false: the loader could not be asked, or refused the file
  std::map<std::string, std::filesystem::path> found;  // "libtorch_cpu.so.1.13" -> file
  std::vector<std::string> missing;                    // sonames that are not found

  // The file of the first library whose name begins so, or an empty path.
  std::filesystem::path starting(const std::string& prefix) const;
};

// Asks the loader that runs this program to list `library`, which is not loaded: nothing of it runs. It takes a few
// hundredths of a second where loading LibTorch takes half of one.
LinkedLibraries linked_libraries(const std::filesystem::path& library);

// Reads such a list: lines "\tNAME => PATH (ADDRESS)" and "\tNAME => not found".
LinkedLibraries parse_library_list(const std::string& text);

}  // namespace animate::doctor
