#include "pictures/paste_back.h"

#include <algorithm>
#include <thread>

#include "pictures/resize_image.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::pictures;
using namespace animate;
using test::patterned;
using test::plain;
using test::same_pixels;

namespace {
const uint8_t* pixel_at(const Image& image, int x, int y) { return image.row(y) + x * 3L; }
}  // namespace

TEST_CASE("pixels outside the box stay bit for bit, and the picture given is not written to") {
  const Image full = patterned(60, 50, 1);
  const Image kept = full.clone();
  const PasteBack paste(full, {12, 8, 32, 30});
  const Image result = paste.apply(patterned(64, 64, 2));
  CHECK(same_pixels(full, kept));
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 60; ++x) {
      if (x >= 12 && x < 44 && y >= 8 && y < 38) continue;
      CHECK(std::equal(pixel_at(result, x, y), pixel_at(result, x, y) + 3, pixel_at(full, x, y)));
    }
  }
}

TEST_CASE("the same colour pasted over itself changes nothing") {
  const uint8_t level = GENERATE(as<uint8_t>(), 0, 1, 127, 200, 255);
  const Image full = plain(40, 40, level, 255 - level, level);
  const Image crop = plain(17, 17, level, 255 - level, level);
  CHECK(same_pixels(PasteBack(full, {5, 6, 20, 20}, 0.3).apply(crop), full));
}

TEST_CASE("a crop of the whole picture is a plain resize") {
  const Image animated = patterned(16, 16, 3);
  const Image result = PasteBack(plain(48, 40, 9, 9, 9), {0, 0, 48, 40}).apply(animated);
  CHECK(same_pixels(result, resize_image(animated, 48, 40)));
}

TEST_CASE("the seam rises from 0 at the border to 1 inside") {
  const Image result = PasteBack(plain(100, 100, 0, 0, 0), {20, 20, 50, 50}, 0.2).apply(plain(50, 50, 255, 255, 255));
  CHECK(*pixel_at(result, 20, 45) == 0);
  for (int x = 20; x < 30; ++x) CHECK(*pixel_at(result, x, 45) < *pixel_at(result, x + 1, 45));
  for (int x = 30; x < 60; ++x) CHECK(*pixel_at(result, x, 45) == 255);
  for (int x = 0; x < 50; ++x) {
    CHECK(*pixel_at(result, 20 + x, 45) == *pixel_at(result, 69 - x, 45));
    CHECK(*pixel_at(result, 20 + x, 45) == *pixel_at(result, 45, 20 + x));
  }
}

TEST_CASE("there is no seam along the picture's own border") {
  const Image result = PasteBack(plain(100, 100, 0, 0, 0), {0, 0, 50, 100}, 0.2).apply(plain(50, 100, 255, 255, 255));
  CHECK(*pixel_at(result, 0, 0) == 255);
  CHECK(*pixel_at(result, 20, 99) == 255);
  CHECK(*pixel_at(result, 49, 50) == 0);
}

TEST_CASE("a feather of 0 is a hard edge") {
  const Image result = PasteBack(plain(20, 20, 0, 0, 0), {5, 5, 10, 10}, 0).apply(plain(10, 10, 255, 255, 255));
  CHECK(*pixel_at(result, 5, 5) == 255);
  CHECK(*pixel_at(result, 14, 14) == 255);
  CHECK(*pixel_at(result, 4, 5) == 0);
}

TEST_CASE("a box that does not fit is a fault of the caller") {
  test::error_of(ErrorKind::Internal, [] { PasteBack(plain(20, 20, 0, 0, 0), {15, 0, 10, 10}); });
  test::error_of(ErrorKind::Internal, [] { PasteBack(plain(20, 20, 0, 0, 0), {0.5, 0, 10, 10}); });
}

TEST_CASE("two threads may paste with one object") {
  const PasteBack paste(patterned(80, 80, 4), {10, 10, 60, 60});
  const Image crop = patterned(32, 32, 5);
  const Image expected = paste.apply(crop);
  bool equal[2] = {false, false};
  {
    std::jthread first([&] { equal[0] = same_pixels(paste.apply(crop), expected); });
    std::jthread second([&] { equal[1] = same_pixels(paste.apply(crop), expected); });
  }
  CHECK(equal[0]);
  CHECK(equal[1]);
}
