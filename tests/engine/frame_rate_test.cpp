#include "engine/frame_rate.h"

#include "base/frame_rate_text.h"

#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::engine;
using namespace animate;

TEST_CASE("frame rates are read exactly") {
  CHECK(parse_frame_rate("25") == Rational{25, 1});
  CHECK(parse_frame_rate("30000/1001") == Rational{30000, 1001});
  CHECK(parse_frame_rate("29.97") == Rational{30000, 1001});
  CHECK(parse_frame_rate("23.976") == Rational{24000, 1001});
  CHECK(parse_frame_rate("12.5") == Rational{25, 2});
  for (const char* wrong : {"", "abc", "0", "-5", "1/0", "25fps", "1e9", "2.5/1", "nan", "/3", "25/"}) {
    INFO(wrong);
    CHECK(test::error_of(ErrorKind::Usage, [&] { parse_frame_rate(wrong); }) ==
          std::string("--fps ") + wrong +
              ": is not a frame rate; give a number up to 1000 or a fraction, as in 25 or 30000/1001");
  }
}

TEST_CASE("a constant rate repeats and drops frames as a player would show them") {
  // Frames at 0, 40 ms, 80 ms, …, shown at 10 and at 50 a second.
  const auto shown = [](Rational rate) {
    ConstantRate clock({1, 25}, rate);
    std::vector<int64_t> repeats;
    for (int64_t next = 1; next <= 5; ++next) {
      const int64_t ticks = clock.ticks_until(next);
      for (int64_t i = 0; i < ticks; ++i) clock.advance();
      repeats.push_back(ticks);
    }
    return repeats;
  };
  CHECK(shown({50, 1}) == std::vector<int64_t>{2, 2, 2, 2, 2});
  CHECK(shown({25, 1}) == std::vector<int64_t>{1, 1, 1, 1, 1});
  CHECK(shown({10, 1}) == std::vector<int64_t>{1, 0, 1, 0, 0});
}

TEST_CASE("an hour at 29.97 resampled to 25 keeps its length to a frame") {
  ConstantRate clock({1001, 30000}, {25, 1});
  const int64_t frames = 3600LL * 30000 / 1001;
  int64_t written = 0;
  for (int64_t next = 1; next <= frames; ++next) {
    for (int64_t n = clock.ticks_until(next); n > 0; --n, ++written) clock.advance();
  }
  CHECK(std::abs(written - 3600 * 25) <= 1);
}
