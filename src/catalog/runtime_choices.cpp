#include "catalog/runtime_choices.h"

#include "base/error.h"

namespace animate::catalog {
namespace {

constexpr int64_t kCudaBatch = 8;

}  // namespace

int64_t batch_size(const RuntimeOptions& options, bool cuda) {
  if (options.batch.frames > 0) return options.batch.frames;
  return cuda ? kCudaBatch : 1;
}

PrecisionChoice chosen_precision(const RuntimeOptions& options) {
  if (!options.half) return options.precision;
  check(options.precision == PrecisionChoice::Auto || options.precision == PrecisionChoice::Fp16, ErrorKind::Usage,
        "--half means --precision fp16, not {}; leave one of them out", word_of(options.precision));
  return PrecisionChoice::Fp16;
}

void check_runtime(const RuntimeOptions& options) { chosen_precision(options); }

}  // namespace animate::catalog
