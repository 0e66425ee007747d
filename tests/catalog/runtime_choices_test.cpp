#include "catalog/runtime_choices.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate;

namespace {

RuntimeOptions with_batch(const std::string& batch) {
  RuntimeOptions options;
  options.batch = batch;
  return options;
}

RuntimeOptions with_precision(const std::string& precision, bool half = false) {
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
  for (const std::string text : {"0", "65", "-1", "4x", "", "many", "1.5"}) {
    CHECK(test::error_of(ErrorKind::Usage, [&] { check_runtime(with_batch(text)); }) ==
          "--batch " + text + ": is not a number of frames; use auto or a number from 1 to 64");
  }
}

TEST_CASE("--half is another word for fp16") {
  CHECK(precision_word({}) == "auto");
  CHECK(precision_word(with_precision("bf16")) == "bf16");
  CHECK(precision_word(with_precision("auto", true)) == "fp16");
  CHECK(precision_word(with_precision("fp16", true)) == "fp16");
  CHECK(test::error_of(ErrorKind::Usage, [] { check_runtime(with_precision("bf16", true)); }) ==
        "--half means --precision fp16, not bf16; leave one of them out");
  CHECK(test::error_of(ErrorKind::Usage, [] { check_runtime(with_precision("fp8")); }) ==
        "--precision fp8: is not known; use auto, fp32, tf32, fp16 or bf16");
}
