// How an autoencoder's pictures are made of files, against Pillow's and torchvision's bytes.
#include <algorithm>

#include "core/triangle_resize.h"
#include "golden/autoencoder_case.h"
#include "media/image_io.h"
#include "models/autoencoder/face_picture.h"
#include "models/autoencoder/networks.h"

using namespace animate;
using test::AutoencoderCase;
using test::cases_of;

TEST_CASE("pictures are resized and cropped as Pillow and torchvision do, to the bit") {
  const auto bytes_of = [](const Image& image) {
    auto bytes = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
    std::copy_n(image.data(), image.size_bytes(), bytes.data_ptr<uint8_t>());
    return bytes;
  };
  for (AutoencoderCase& golden : cases_of("resize_centre_crop")) {
    const int size = golden.config().at("size");
    const auto sizes = golden.config().at("sizes_w_h").get<std::vector<std::vector<int>>>();
    for (size_t i = 0; i < sizes.size(); ++i) {
      const Image photo = media::load_image(golden.file(i));
      REQUIRE(photo.width() == sizes[i][0]);
      const std::string number = std::to_string(i);
      golden.compare("cropped_" + number, bytes_of(core::resize_and_crop(photo, size)));
      if (golden.has("expect/resized_" + number)) {
        const auto shape = golden.tensor("expect/resized_" + number).sizes().vec();
        golden.compare("resized_" + number,
                       bytes_of(core::resize_triangle(photo, static_cast<int>(shape[1]), static_cast<int>(shape[0]))));
      }
      golden.compare("tensor_" + number, models::autoencoder::to_signed(models::autoencoder::face_tensor(photo))[0]);
    }
    golden.require_all_compared();
  }
}
