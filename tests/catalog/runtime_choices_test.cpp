#include "catalog/runtime_choices.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::catalog;
using namespace animate;

namespace {

RuntimeOptions with_batch(const std::string& batch) {
  RuntimeOptions options;
  options.batch = BatchChoice::parse(batch);
  return options;
}

RuntimeOptions with_precision(PrecisionChoice precision, bool half = false) {
  RuntimeOptions options;
  options.precision = precision;
  options.half = half;
  return options;
}

}  // namespace

TEST_CASE("a batch is what was asked for, else the device's") {
  CHECK(batch_size(with_batch("auto"), false) == 1);
  CHECK(batch_size(with_batch("auto"), true) == 8);
  CHECK(batch_size(with_batch("5"), false) == 5);
  CHECK(batch_size(with_batch("64"), true) == 64);
}

TEST_CASE("--half is another word for fp16") {
  CHECK(chosen_precision({}) == PrecisionChoice::Auto);
  CHECK(chosen_precision(with_precision(PrecisionChoice::Bf16)) == PrecisionChoice::Bf16);
  CHECK(chosen_precision(with_precision(PrecisionChoice::Auto, true)) == PrecisionChoice::Fp16);
  CHECK(chosen_precision(with_precision(PrecisionChoice::Fp16, true)) == PrecisionChoice::Fp16);
  CHECK(test::error_of(ErrorKind::Usage, [] { check_runtime(with_precision(PrecisionChoice::Bf16, true)); }) ==
        "--half means --precision fp16, not bf16; leave one of them out");
}
