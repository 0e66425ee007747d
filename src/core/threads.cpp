#include "core/threads.h"

#include <ATen/Parallel.h>

#include "base/threads.h"

namespace animate::core {

void use_threads(const RuntimeOptions& options) { at::set_num_threads(thread_count(options.threads)); }

}  // namespace animate::core
