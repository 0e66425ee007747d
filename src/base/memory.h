#pragma once

#include <cstdint>

namespace animate {
inline namespace base {

// Memory of this process in bytes, as the kernel counts it: what is resident now, and the most that ever was.
// Zero where the kernel does not tell.
struct ProcessMemory {
  int64_t resident = 0;
  int64_t peak = 0;
};

ProcessMemory process_memory();

// Bytes that the machine can still give without swapping, as the kernel estimates; 0 where it does not tell.
int64_t available_memory();

}  // namespace base
}  // namespace animate
