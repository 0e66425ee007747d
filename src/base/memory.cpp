#include "base/memory.h"

#include <fstream>
#include <string>

namespace animate {
inline namespace base {

ProcessMemory process_memory() {
  ProcessMemory memory;
  std::ifstream status("/proc/self/status");
  for (std::string key; status >> key;) {
    int64_t kilobytes = 0;
    if (key == "VmRSS:" && status >> kilobytes) memory.resident = kilobytes * 1024;
    if (key == "VmHWM:" && status >> kilobytes) memory.peak = kilobytes * 1024;
    status.ignore(256, '\n');
  }
  return memory;
}

int64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string key; info >> key;) {
    int64_t kilobytes = 0;
    if (key == "MemAvailable:" && info >> kilobytes) return kilobytes * 1024;
    info.ignore(256, '\n');
  }
  return 0;
}

}  // namespace base
}  // namespace animate
