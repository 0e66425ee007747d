#include "engine/codec/drawn_faces.h"

#include <cstring>

#include "base/error.h"
#include "core/picture_grid.h"
#include "core/tensor_image.h"
#include "models/autoencoder/code_path.h"
#include "pictures/resize_image.h"

namespace animate::engine {
namespace {

constexpr int64_t kPaintedAtOnce = 16;

torch::Tensor bytes_of(const Image& image) {
  auto bytes = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
  std::memcpy(bytes.data_ptr<uint8_t>(), image.data(), image.size_bytes());
  return bytes.permute({2, 0, 1});
}

}  // namespace

torch::Tensor draw_codes(const models::FaceDistribution& distribution, const FacesOptions& options) {
  const auto normals = models::seeded_normals(options.count, distribution.draws(), static_cast<uint64_t>(options.seed));
  const auto codes = distribution.at(normals, options.temperature);
  return options.walk ? models::autoencoder::closed_curve(codes, options.steps) : codes;
}

void paint_codes(const models::FaceCodec& codec, const torch::Tensor& codes, int64_t size,
                 const std::function<void(const Image&)>& sink, Progress& progress, std::stop_token stop) {
  progress.start("faces", codes.size(0));
  int64_t done = 0;
  const int side = static_cast<int>(size);
  for (const auto& some : codes.split(kPaintedAtOnce)) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    const auto bytes = core::to_bytes(codec.decode(some)).to(torch::kCPU).contiguous();
    for (int64_t i = 0; i < bytes.size(0); ++i) {
      sink(pictures::resize_image(core::image_of_bytes(bytes[i]), side, side));
      progress.advance(++done);
    }
  }
  progress.finish(done);
}

Image sheet_of_faces(const std::vector<Image>& faces, int64_t columns) {
  std::vector<torch::Tensor> tiles;
  for (const Image& face : faces) tiles.push_back(bytes_of(face));
  const auto grid = core::picture_grid(torch::stack(tiles), columns);
  return core::image_of_bytes(grid.permute({1, 2, 0}).contiguous());
}

}  // namespace animate::engine
