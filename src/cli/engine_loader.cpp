#include "cli/engine_loader.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "base/error.h"

namespace animate::cli {
namespace {

// The networks' threads share the cores with decoder and encoder. OpenMP's default is to spin while it waits for work,
// which on two cores makes a frame ten times slower; sleeping costs nothing that can be measured. OpenMP reads this
// when it is loaded, and leaves a user's own choice alone.
void let_threads_sleep() { ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0); }

// Found through the program's run path: beside it in the build tree, in the library folder once installed.
void* engine_library() {
  let_threads_sleep();
  static void* const handle = ::dlopen(ANIMATE_ENGINE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = ::dlerror();
    fail(ErrorKind::Input, "{}: the engine cannot be loaded ({}); install or build the program again",
         ANIMATE_ENGINE_LIBRARY, reason == nullptr ? "no reason given" : reason);
  }
  return handle;
}

template <typename T>
std::unique_ptr<T> make(const char* entry_point) {
  auto* const function = reinterpret_cast<T* (*)()>(::dlsym(engine_library(), entry_point));
  check(function != nullptr, ErrorKind::Input, "{}: is of another build than the program; install or build it again",
        ANIMATE_ENGINE_LIBRARY);
  return std::unique_ptr<T>(function());
}

}  // namespace

std::unique_ptr<Animator> load_animator() { return make<Animator>("animate_new_animator_" ANIMATE_ENGINE_ABI); }

std::unique_ptr<Toolbox> load_toolbox() { return make<Toolbox>("animate_new_toolbox_" ANIMATE_ENGINE_ABI); }

}  // namespace animate::cli
