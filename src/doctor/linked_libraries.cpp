#include "doctor/linked_libraries.h"

#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>
#include <vector>

namespace animate::doctor {
namespace {

namespace fs = std::filesystem;

// The path of the loader, as this program's own file names it.
std::string loader_path() {
  std::string path;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& header = info->dlpi_phdr[i];
          if (header.p_type != PT_INTERP) continue;
          // The loader tells addresses as numbers.
          const auto* named =
              reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);  // NOLINT(performance-no-int-to-ptr)
          *static_cast<std::string*>(out) = named;
          return 1;
        }
        return 1;  // the program comes first, and only it is of interest
      },
      &path);
  return path;
}

// What the loader prints when it is told to list what a file needs, not to run it; empty when it cannot. Its option
// --list would do as well, but ends at the first library that is missing.
std::string list_of(const std::string& loader, const std::string& file) {
  const std::array<const char*, 3> words{loader.c_str(), file.c_str(), nullptr};
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  std::string list = "LD_TRACE_LOADED_OBJECTS=1";
  variables.push_back(list.data());
  variables.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, words[0], &actions, nullptr, const_cast<char* const*>(words.data()), variables.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t count = failed != 0 ? 0 : ::read(ends[0], piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(piece.data(), static_cast<size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  while (failed == 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return text;
}

}  // namespace

fs::path LinkedLibraries::starting(const std::string& prefix) const {
  const auto at = found.lower_bound(prefix);
  return at != found.end() && at->first.starts_with(prefix) ? at->second : fs::path();
}

LinkedLibraries parse_library_list(const std::string& text) {
  LinkedLibraries libraries;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t arrow = line.find(" => ");
    const size_t name = line.find_first_not_of(" \t");
    if (arrow == std::string::npos || name >= arrow) continue;
    libraries.listed = true;
    const std::string soname = line.substr(name, arrow - name);
    const std::string goal = line.substr(arrow + 4);
    if (goal.starts_with("not found")) {
      libraries.missing.push_back(soname);
    } else {
      libraries.found[soname] = goal.substr(0, goal.rfind(" ("));
    }
  }
  return libraries;
}

LinkedLibraries linked_libraries(const fs::path& library) {
  const std::string loader = loader_path();
  std::error_code ec;
  if (loader.empty() || !fs::exists(library, ec)) return {};
  return parse_library_list(list_of(loader, library.string()));
}

}  // namespace animate::doctor
