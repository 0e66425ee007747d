#include "base/utc_time.h"

#include <stdlib.h>

#include <string>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate;

TEST_CASE("SOURCE_DATE_EPOCH stands for the time of a run") {
  const char* before = ::getenv("SOURCE_DATE_EPOCH");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("SOURCE_DATE_EPOCH", "951782400", 1);
  CHECK(utc_now() == "2000-02-29T00:00:00Z");
  ::setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
  CHECK(test::error_of(ErrorKind::Usage, [] { utc_now(); }) ==
        "SOURCE_DATE_EPOCH: yesterday is no time in seconds since 1970; correct the variable or unset it");
  ::setenv("SOURCE_DATE_EPOCH", "-5", 1);
  test::error_of(ErrorKind::Usage, [] { utc_now(); });
  ::unsetenv("SOURCE_DATE_EPOCH");
  CHECK_FALSE(source_date_epoch().has_value());
  CHECK(utc_now() > "2024-01-01T00:00:00Z");
  CHECK(utc_now().size() == 20);
  if (!kept.empty()) ::setenv("SOURCE_DATE_EPOCH", kept.c_str(), 1);
}
