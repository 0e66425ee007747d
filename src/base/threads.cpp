#include "base/threads.h"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace animate {
inline namespace base {

int usable_cores() {
  cpu_set_t set;
  // More processors than the set has room for: the call fails, and the library counts them.
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

int thread_count(int64_t asked) { return asked > 0 ? static_cast<int>(asked) : usable_cores(); }

}  // namespace base
}  // namespace animate
