#pragma once

#include <cstdint>

namespace animate {
inline namespace base {

// Processors that this process may run on, at least 1: the machine's, or fewer where a container, taskset or a job
// scheduler leaves it fewer.
int usable_cores();

// What an option --threads means: so many, or for 0 as many as there are usable cores.
int thread_count(int64_t asked);

}  // namespace base
}  // namespace animate
