#include "cli/engine_loader.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>

#include <filesystem>
#include <limits>
#include <string>
#include <system_error>

#include "base/error.h"
#include "doctor/gpu_findings.h"

namespace animate::cli {
namespace {

// The networks' threads share the cores with decoder and encoder. OpenMP's default is to spin while it waits for work,
// which on two cores makes a frame ten times slower; sleeping costs nothing that can be measured. OpenMP reads this
// when it is loaded, and leaves a user's own choice alone.
void let_threads_sleep() { ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0); }

// Tensors of one frame are freed and wanted again for the next. By default glibc returns large ones to the system,
// which fills their pages with zeros each time: half of all processor time in training, in a virtual machine.
void keep_freed_memory() {
#if defined(__GLIBC__)
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  ::mallopt(M_TOP_PAD, 64 << 20);
#endif
}

// FFmpeg asks for aligned memory hundreds of times a frame. glibc cuts such a block out of a larger one and keeps the
// leftovers in lists that are never joined again: some four kilobytes a frame, for as long as the clip lasts.
void join_freed_pieces() {
#if defined(__GLIBC__)
  ::mallopt(M_MXFAST, 0);
#endif
}

// OpenBLAS knows processors by their model numbers; Debian 12's takes one that is newer than itself for a 2004 one and
// multiplies matrices several times slower than it could. So it is told what the instructions say, unless the user
// has told it something else.
void name_the_processor() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx512) {
    ::setenv("OPENBLAS_CORETYPE", "SKYLAKEX", /*overwrite=*/0);
  } else if (avx2 && __builtin_cpu_is("intel")) {
    ::setenv("OPENBLAS_CORETYPE", "HASWELL", /*overwrite=*/0);
  }
#endif
}

// Where engine_file() finds nothing the system's own folders are left.
void* open_engine() {
  const std::filesystem::path file = engine_file();
  return ::dlopen(file.empty() ? ANIMATE_ENGINE_LIBRARY : file.c_str(), RTLD_NOW | RTLD_LOCAL);
}

void* engine_library() {
  let_threads_sleep();
  keep_freed_memory();
  join_freed_pieces();
  name_the_processor();
  static void* const handle = open_engine();
  if (handle == nullptr) {
    const char* reason = ::dlerror();
    const std::string text = reason == nullptr ? "no reason given" : reason;
    // "libcuda.so.1: cannot open shared object file: No such file or directory"
    const size_t end = text.find(": cannot open shared object file");
    const bool is_engine = end == std::string::npos || text.substr(0, end).ends_with(ANIMATE_ENGINE_LIBRARY);
    fail(ErrorKind::Input, "{}: the engine cannot be loaded ({}); {}", ANIMATE_ENGINE_LIBRARY, text,
         is_engine ? "install or build the program again" : doctor::what_brings(text.substr(0, end)));
  }
  return handle;
}

}  // namespace

const Engine& engine() {
  auto* const function =
      reinterpret_cast<const Engine* (*)()>(::dlsym(engine_library(), "animate_engine_" ANIMATE_ENGINE_ABI));
  check(function != nullptr, ErrorKind::Input, "{}: is of another build than the program; install or build it again",
        ANIMATE_ENGINE_LIBRARY);
  return *function();
}

// Looked for where the build tree has it, where an installation has it and where a Debian package has it, as seen from
// the program.
std::filesystem::path engine_file() {
  std::error_code ec;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
  for (const char* libraries : {"../lib", ANIMATE_LIB_FROM_BIN, "../lib/animate"}) {
    const std::filesystem::path candidate = (folder / libraries / ANIMATE_ENGINE_LIBRARY).lexically_normal();
    if (std::filesystem::exists(candidate, ec)) return candidate;
  }
  return {};
}

}  // namespace animate::cli
