#include "face/golden_arrays.h"
#include "media/image_io.h"
#include "pictures/draw.h"
#include "pictures/portrait_paste_back.h"
#include "support/pictures.h"

// models/liveportrait/README.md#paste-back against the original's pixels: exact.
using namespace animate::face;
using namespace animate::pictures;
using namespace animate::media;
using namespace animate;
using test::golden_file;
using test::GoldenArrays;

TEST_CASE("the mask is the original's") {
  const auto png = golden_file("pasteback/mask_template.png");
  const Image expected = load_image(png);
  const auto mask = paste_mask(512);
  REQUIRE(expected.size_bytes() == mask.size() * 3);
  size_t wrong = 0;
  for (size_t i = 0; i < mask.size(); ++i) {
    for (size_t channel = 0; channel < 3; ++channel) wrong += expected.data()[i * 3 + channel] != mask[i];
  }
  CHECK(wrong == 0);
}

TEST_CASE("pasted pictures equal the original's to the last bit") {
  int compared = 0;
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    INFO("paste_" << number);
    const auto file = golden_file("pasteback/paste_" + number + ".safetensors");
    const auto png = golden_file("pasteback/generated_" + number + ".png");
    const GoldenArrays golden(file);
    const Image original = golden.image("image");
    const Image generated = load_image(png);
    CropTransform transform;
    transform.image_from_crop = golden.matrix("M_c2o");
    transform.crop_from_image = inverse(transform.image_from_crop);
    transform.size = 512;
    const PortraitPasteBack paste(original.width(), original.height(), transform);
    CHECK(test::same_pixels(paste.apply(generated, original), golden.image("result")));

    std::vector<float> mask(golden.singles("mask_f32").size());
    const auto& where = paste.where();
    for (int y = 0; y < where.height; ++y) {
      for (int x = 0; x < where.width; ++x) {
        mask[static_cast<size_t>((where.y + y) * original.width() + where.x + x)] =
            paste.weights()[static_cast<size_t>(y * where.width + x)];
      }
    }
    CHECK(test::largest_difference(mask, golden.singles("mask_f32")) <= 1e-6);
    ++compared;
  }
  std::cout << "paste: " << compared << " cases compared\n";
}

TEST_CASE("frames side by side equal the original's") {
  const auto file = golden_file("pasteback/concat_frames.safetensors");
  const GoldenArrays golden(file);
  const Image source = golden.image("source");
  const Image generated = golden.image("generated");
  CHECK(test::same_pixels(concat_frames(golden.image("driving"), source, generated), golden.image("three")));
  CHECK(test::same_pixels(concat_frames({}, source, generated), golden.image("two")));
}
