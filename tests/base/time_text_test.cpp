#include "base/time_text.h"

#include "support/catch.h"

using namespace animate;

TEST_CASE("times are read as seconds, with an s, and with colons") {
  CHECK(seconds_of("1.5") == 1.5);
  CHECK(seconds_of("1.5s") == 1.5);
  CHECK(seconds_of("0") == 0.0);
  CHECK(seconds_of(".5") == 0.5);
  CHECK(seconds_of("0:05") == 5.0);
  CHECK(seconds_of("1:02.25") == 62.25);
  CHECK(seconds_of("90:00") == 5400.0);
  CHECK(seconds_of("00:00:05.5") == 5.5);
  CHECK(seconds_of("01:02:03") == 3723.0);
}

TEST_CASE("what is no time is no time") {
  for (const char* text : {"", "s", "-1", "+1", "1e3", "nan", "inf", "1.5.2", "1:60", "1:60:00", "1.5:00", "1:2:3:4",
                           ":5", "5:", "0:05s", "1 s", "five"}) {
    INFO(text);
    CHECK_FALSE(seconds_of(text).has_value());
  }
}
