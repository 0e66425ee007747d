#include "face/crop_region.h"

#include "pictures/crop_image.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate;
using test::error_of;

TEST_CASE("the crop round a face is a square that holds the whole head") {
  const Box crop = face_crop_region({400, 400, 100, 100}, 1000, 1000);
  CHECK(crop == Box{351, 343, 198, 198});  // 1.65 faces high, widened by a tenth on every side
  CHECK(face_crop_region({400, 400, 100, 100}, 1000, 1000, 0.5).width == 330);
}

TEST_CASE("a crop that hangs over the border is moved inside and stays square") {
  CHECK(face_crop_region({0, 0, 100, 100}, 1000, 1000) == Box{0, 0, 198, 198});
  CHECK(face_crop_region({900, 900, 100, 100}, 1000, 1000) == Box{802, 802, 198, 198});
  CHECK(face_crop_region({100, 100, 300, 300}, 500, 400) == Box{50, 0, 400, 400});
}

TEST_CASE("every face gives a crop of whole pixels inside the picture") {
  for (double x = -20.3; x < 330; x += 17.1) {
    for (double side = 0.7; side < 400; side *= 1.9) {
      const Box crop = face_crop_region({x, x / 2, side, side}, 320, 200);
      CHECK(crop.width == crop.height);
      CHECK_NOTHROW(crop_image(Image(320, 200), crop));
    }
  }
}

TEST_CASE("the centre square is the largest in the middle") {
  CHECK(centre_square(640, 480) == Box{80, 0, 480, 480});
  CHECK(centre_square(3, 8) == Box{0, 2, 3, 3});
}

TEST_CASE("a crop must be inside the picture") {
  CHECK(box_in_picture(CropChoice::parse("10,20,30,40"), 100, 100) == Box{10, 20, 30, 40});
  CHECK(box_in_picture(CropChoice::parse("0,0,100,100"), 100, 100) == Box{0, 0, 100, 100});
  const std::string outside =
      GENERATE("60,0,50,50", "0,51,50,50", "-1,0,50,50", "2147483647,0,50,50", "0,0,2147483647,2147483647");
  CHECK(error_of(ErrorKind::Usage, [&] { box_in_picture(CropChoice::parse(outside), 100, 100); }) ==
        "--crop " + outside +
            ": is not inside the picture of 100x100 pixels; give x,y,w,h with x+w up to 100 and y+h up to 100");
}

TEST_CASE("cropping copies the box's pixels and refuses what does not fit") {
  const Image image = test::patterned(9, 7, 1);
  const Image crop = crop_image(image, {2, 3, 4, 2});
  REQUIRE(crop.width() == 4);
  REQUIRE(crop.height() == 2);
  for (int y = 0; y < 2; ++y) CHECK(std::equal(crop.row(y), crop.row(y) + 12, image.row(y + 3) + 6));
  const Box wrong = GENERATE(Box{0.5, 0, 2, 2}, Box{0, 0, 10, 2}, Box{-1, 0, 2, 2}, Box{0, 0, 0, 0}, Box{8, 6, 2, 2});
  error_of(ErrorKind::Internal, [&] { crop_image(image, wrong); });
}
