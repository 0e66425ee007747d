#include "pictures/roofline.h"

#include <array>
#include <cstdlib>
#include <limits>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::pictures;
using namespace animate;

namespace {

// Pixels whose colour is nearly this one.
int64_t pixels_like(const Image& image, const std::array<int, 3>& colour) {
  int64_t count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const uint8_t* pixel = image.row(y) + x * 3L;
      bool like = true;
      for (size_t c = 0; c < colour.size(); ++c) like = like && std::abs(pixel[c] - colour[c]) < 8;
      count += like ? 1 : 0;
    }
  }
  return count;
}

// Of the disc's inside: six parts of its colour, four of paper.
constexpr std::array<int, 3> kWinogradDisc{235, 174, 121};

Roofline sample(double share) { return {"tiny", 100, 20, {{50, 300, share, RooflinePoint::Winograd, "winograd2d"}}}; }

}  // namespace

TEST_CASE("a roofline's discs have the area of their share") {
  const Image small = draw_roofline(sample(0.1));
  const Image large = draw_roofline(sample(0.9));
  CHECK(small.width() == 1200);
  CHECK(small.height() == 800);
  CHECK(pixels_like(draw_roofline({"tiny", 100, 20, {}}), kWinogradDisc) < 20);  // the edge of the legend's
  CHECK(pixels_like(small, kWinogradDisc) > 100);
  CHECK(pixels_like(large, kWinogradDisc) > 3 * pixels_like(small, kWinogradDisc));
}

TEST_CASE("a roofline takes no impossible numbers") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  CHECK(test::error_of(ErrorKind::Internal, [] {
          draw_roofline({"t", 0, 20, {}});
        }) == "a roofline needs the machine's limits");
  CHECK(test::error_of(ErrorKind::Internal, [] {
          draw_roofline({"t", 100, 20, {{0, 1, 0.5, {}, ""}}});
        }) == "a roofline of 0");
  CHECK(test::error_of(ErrorKind::Internal, [] {
          draw_roofline({"t", 100, 20, {{1, infinite, 0.5, {}, ""}}});
        }) == "a roofline of inf");
}
