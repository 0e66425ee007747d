#include "media/loudness.h"

#include <cmath>

#include "media_support.h"

using namespace animate::media;
using namespace animate;
using test::ffmpeg;

TEST_CASE("a tone is as loud as it is, and silence is silent") {
  const test::TempDir dir;
  // A sine of FFmpeg's has an amplitude of 1/8: its root mean square is 1 / (8 sqrt 2).
  const auto tone = ffmpeg("-f lavfi -i sine=f=440:d=1 -ac 2", dir / "tone.wav");
  const auto levels = loudness_of(tone, 25, 60);
  REQUIRE(levels.size() == 25);
  const double expected = -20 * std::log10(8 * std::sqrt(2.0));
  for (size_t i = 1; i + 1 < levels.size(); ++i) CHECK(levels[i] == Approx(expected).margin(0.5));

  const auto halves =
      ffmpeg("-f lavfi -i \"sine=d=1,volume='if(lt(t,0.5),1,0)':eval=frame\" -c:a flac", dir / "halves.flac");
  const auto half = loudness_of(halves, 10, 60);
  REQUIRE(half.size() == 10);
  CHECK(half[2] > -25);
  CHECK(half[8] < -60);
  CHECK(loudness_of(tone, 25, 0.4).size() == 10);
}

TEST_CASE("what holds no sound is refused") {
  const test::TempDir dir;
  const auto silent = ffmpeg("-f lavfi -i testsrc=d=0.2:s=64x64", dir / "silent.mp4");
  CHECK(test::error_of(ErrorKind::Input, [&] { loudness_of(silent, 25, 60); }).find("silent.mp4: holds no sound") !=
        std::string::npos);
}
