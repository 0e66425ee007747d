#include "core/frame_transfer.h"

#include <random>

#include "core/resize.h"
#include "support/catch.h"

using namespace animate::core;
using namespace animate;

namespace {

// Not all levels, so that the clip at the end of a resize has something to clip.
Image noise(int width, int height, unsigned seed) {
  Image image(width, height);
  std::mt19937 random(seed);
  for (size_t i = 0; i < image.size_bytes(); ++i) image.data()[i] = static_cast<uint8_t>(20 + random() % 200);
  return image;
}

torch::Tensor bytes_of(const Image& image) {
  auto bytes = torch::empty({1, image.height(), image.width(), 3}, torch::kUInt8);
  std::copy_n(image.data(), image.size_bytes(), bytes.data_ptr<uint8_t>());
  return bytes;
}

bool same_pixels(const Image& a, const Image& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         std::equal(a.data(), a.data() + a.size_bytes(), b.data());
}

}  // namespace

TEST_CASE("a resize on tensors gives the numbers of the plain one, to the bit") {
  const auto [width, height, out_width, out_height] = GENERATE(table<int, int, int, int>(
      {{64, 64, 64, 64}, {97, 61, 32, 32}, {33, 40, 64, 64}, {50, 20, 20, 50}, {1, 7, 16, 16}, {200, 120, 64, 48}}));
  const TensorResize resize(height, width, out_height, out_width, torch::kCPU);
  const Image a = noise(width, height, 1);
  const Image b = noise(width, height, 2);
  const auto resized = resize(torch::cat({bytes_of(a), bytes_of(b)}));
  CHECK(torch::equal(resized[0], to_tensor(a, out_height, out_width)[0]));
  CHECK(torch::equal(resized[1], to_tensor(b, out_height, out_width)[0]));
}

TEST_CASE("every level comes out the same with and without a resize in between") {
  Image levels(256, 1);
  for (size_t i = 0; i < levels.size_bytes(); ++i) levels.data()[i] = static_cast<uint8_t>(i / 3);
  CHECK(torch::equal(to_tensor(levels, 1, 256), to_tensor(levels)));
  CHECK(torch::equal(TensorResize(1, 256, 1, 256, torch::kCPU)(bytes_of(levels)), to_tensor(levels)));
}

TEST_CASE("bytes of a batch are those of its frames") {
  torch::manual_seed(1);
  const auto frames = torch::rand({3, 3, 9, 7}) * 1.2 - 0.1;
  for (const Rounding rounding : {Rounding::HalfEven, Rounding::Truncate}) {
    FrameTransfer transfer(torch::kCPU);
    const auto fetched = transfer.fetch(frames, rounding);
    REQUIRE(fetched.size() == 3);
    for (int64_t i = 0; i < 3; ++i) {
      CHECK(same_pixels(fetched[static_cast<size_t>(i)].image(), to_image(frames.narrow(0, i, 1), rounding)));
    }
  }
}

TEST_CASE("sent pictures arrive as tensors in their order") {
  FrameTransfer transfer(torch::kCPU);
  std::vector<SentFrame> sent;
  std::vector<torch::Tensor> resized;
  std::vector<torch::Tensor> whole;
  for (unsigned i = 0; i < 3; ++i) {
    const Image image = noise(30, 20, i);
    sent.push_back(transfer.send(image));
    resized.push_back(to_tensor(image, 16, 16));
    whole.push_back(to_tensor(image));
  }
  CHECK(torch::equal(transfer.to_tensor(sent, 16, 16), torch::cat(resized)));
  CHECK(torch::equal(transfer.to_tensor(sent), torch::cat(whole)));
  // Pictures of another size may follow in the same clip.
  sent.push_back(transfer.send(noise(12, 40, 9)));
  CHECK(torch::equal(transfer.to_tensor(sent, 16, 16)[3], to_tensor(noise(12, 40, 9), 16, 16)[0]));
}
