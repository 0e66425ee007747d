#include "base/plain_picture.h"

#include <fstream>
#include <iterator>
#include <string>

#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate;

TEST_CASE("a plain picture is a header and its bytes, and leaves nothing where it cannot be written") {
  const test::TempDir dir;
  Image image(2, 1);
  for (int i = 0; i < 6; ++i) image.data()[i] = static_cast<uint8_t>('a' + i);
  save_ppm(dir / "a.ppm", image);
  std::ifstream file(dir / "a.ppm", std::ios::binary);
  CHECK(std::string((std::istreambuf_iterator<char>(file)), {}) == "P6\n2 1\n255\nabcdef");
  CHECK_THROWS_AS(save_ppm(dir / "none" / "a.ppm", image), Error);
}
