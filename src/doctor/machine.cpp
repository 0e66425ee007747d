#include "doctor/machine.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "base/threads.h"

namespace animate::doctor {
namespace {

namespace fs = std::filesystem;

int64_t meminfo(const std::string& key) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key + ":")) return std::strtoll(line.c_str() + key.size() + 1, nullptr, 10) * 1024;
  }
  return 0;
}

// A container's limit; 0 where there is none.
int64_t memory_limit() {
  std::ifstream file("/sys/fs/cgroup/memory.max");
  int64_t bytes = 0;
  return file >> bytes ? bytes : 0;
}

// Where face/haar_detector looks.
fs::path cascade_folder() {
  std::vector<fs::path> folders;
  if (const char* own = std::getenv("ANIMATE_HAARCASCADES"); own != nullptr) folders.emplace_back(own);
  if (folders.empty()) {
    folders = {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades",
               "/usr/share/opencv/haarcascades"};
  }
  std::error_code ec;
  for (const fs::path& folder : folders) {
    if (fs::exists(folder / "haarcascade_frontalface_alt2.xml", ec)) return folder;
  }
  return {};
}

}  // namespace

Machine look_at_machine(const fs::path& output) {
  Machine machine;
  std::error_code ec;
  machine.cores = usable_cores();
  machine.memory = meminfo("MemTotal");
  machine.memory_available = meminfo("MemAvailable");
  if (const int64_t limit = memory_limit(); limit > 0 && limit < machine.memory) {
    machine.memory = limit;
    machine.memory_available = std::min(machine.memory_available, limit);
  }
  machine.gpus = look_at_gpus();
  machine.output = fs::absolute(output.empty() ? "." : output, ec).lexically_normal();
  if (!machine.output.has_filename()) machine.output = machine.output.parent_path();
  machine.output_writable = fs::is_directory(machine.output, ec) && ::access(machine.output.c_str(), W_OK | X_OK) == 0;
  const fs::space_info space = fs::space(machine.output, ec);
  machine.output_free = ec ? 0 : static_cast<int64_t>(space.available);
  machine.cascades = cascade_folder();
  return machine;
}

}  // namespace animate::doctor
