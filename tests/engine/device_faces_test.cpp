// Cutting out and pasting back on tensors, against OpenCV's: to the bit.
#include "engine/portrait/device_faces.h"

#include <random>

#include "core/tensor_image.h"
#include "engine/portrait/portrait_source.h"
#include "face/portrait_crop.h"
#include "pictures/portrait_paste_back.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace animate::face;
using namespace animate::core;
using namespace animate::engine;
using namespace animate::pictures;
using namespace animate;

namespace {

Image noise(int width, int height, unsigned seed) {
  Image image(width, height);
  std::mt19937 random(seed);
  for (size_t i = 0; i < image.size_bytes(); ++i) image.data()[i] = static_cast<uint8_t>(random());
  return image;
}

// A square of `side` pixels round (x, y), turned by `angle`, as a crop of 512 pixels.
CropTransform square(float x, float y, float side, float angle) {
  FaceRectangle rectangle;
  rectangle.centre = {x, y};
  rectangle.size = side;
  rectangle.angle = angle;
  return crop_transform(rectangle, 512, true);
}

// Inside, over every border, enlarged, shrunk, beside the picture.
std::vector<CropTransform> squares() {
  std::vector<CropTransform> list{square(150, 100, 120, 0), square(150, 100, 512, 0),  square(0, 0, 90, 0.4F),
                                  square(299, 200, 40, 2),  square(150, 100, 900, -1), square(900, 900, 60, 0.1F)};
  std::mt19937 random(7);
  std::uniform_real_distribution<float> share(0, 1);
  for (int i = 0; i < 20; ++i) {
    list.push_back(square(300 * share(random), 200 * share(random), 20 + 400 * share(random), 6 * share(random)));
  }
  return list;
}

}  // namespace

TEST_CASE("what the networks see is the same from OpenCV and from tensors") {
  const Image picture = noise(300, 201, 1);
  FrameTransfer transfer(torch::kCPU);
  const DeviceFaces faces(transfer);
  const SentFrame sent = transfer.send(picture);
  for (const CropTransform& crop : squares()) {
    CHECK(torch::equal(faces.view(transfer.bytes(sent), crop), to_tensor(source_view(picture, crop))));
  }
}

TEST_CASE("a face is pasted back alike by OpenCV and by tensors") {
  const Image picture = noise(300, 201, 2);
  torch::manual_seed(3);
  const auto painted = torch::rand({1, 3, 512, 512});
  FrameTransfer transfer(torch::kCPU);
  for (const double feather : {16.0, 0.0, 50.0}) {
    for (const CropTransform& crop : squares()) {
      DeviceFaces faces(transfer, feather);
      const SentFrame sent = transfer.send(picture.clone());
      auto bytes = transfer.bytes(sent);
      std::vector<PastedPart> parts;
      if (auto part = faces.paste(0, bytes, painted, crop, false)) parts.push_back(std::move(*part));
      const PortraitPasteBack plain(picture.width(), picture.height(), crop, {feather});
      const Image expected = plain.apply(to_image(painted, Rounding::Truncate), picture);
      CHECK(test::same_pixels(put_back(picture, parts), expected));
      CHECK(test::same_pixels(sent.image, picture));
      CHECK(parts.empty() == plain.weights().empty());
    }
  }
}

TEST_CASE("a second face is pasted into what the first one left") {
  const Image picture = noise(300, 201, 4);
  torch::manual_seed(5);
  const auto one = torch::rand({1, 3, 512, 512});
  const auto other = torch::rand({1, 3, 512, 512});
  const CropTransform left = square(120, 100, 120, 0.2F);
  const CropTransform right = square(180, 100, 120, -0.2F);
  FrameTransfer transfer(torch::kCPU);
  DeviceFaces faces(transfer);
  auto bytes = transfer.bytes(transfer.send(picture)).clone();
  std::vector<PastedPart> parts;
  parts.push_back(*faces.paste(0, bytes, one, left, true));
  parts.push_back(*faces.paste(1, bytes, other, right, false));
  Image expected = picture.clone();
  PortraitPasteBack(300, 201, left).apply_to(expected, to_image(one, Rounding::Truncate));
  PortraitPasteBack(300, 201, right).apply_to(expected, to_image(other, Rounding::Truncate));
  CHECK(test::same_pixels(put_back(picture, parts), expected));
}
