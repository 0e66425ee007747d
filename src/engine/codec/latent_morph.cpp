#include "engine/codec/latent_morph.h"

#include <array>

#include "base/error.h"
#include "core/picture_grid.h"
#include "core/tensor_image.h"
#include "models/autoencoder/code_path.h"
#include "models/autoencoder/face_picture.h"

namespace animate::engine {
namespace {

namespace autoencoder = models::autoencoder;

// So many frames go through the decoder at once.
constexpr size_t kDecodedAtOnce = 8;

// Codes of faces, [1, Z] each. One by one: what a picture's code is must not depend on its neighbours.
std::vector<torch::Tensor> codes_of(const models::FaceCodec& codec, std::span<const Image> faces) {
  std::vector<torch::Tensor> codes;
  for (const Image& face : faces) codes.push_back(codec.encode(autoencoder::face_tensor(face)));
  return codes;
}

bool is_end(const CodeMoment& moment) { return moment.share <= 0 || moment.share >= 1; }

}  // namespace

std::vector<CodeMoment> moments_between(size_t pictures, int64_t frames) {
  std::vector<CodeMoment> moments;
  for (size_t i = 0; i + 1 < pictures; ++i) {
    for (int64_t f = i == 0 ? 0 : 1; f < frames; ++f) {
      moments.push_back({i, i + 1, static_cast<double>(f) / static_cast<double>(frames - 1)});
    }
  }
  return moments;
}

void require_encoder(const models::FaceCodec& codec) {
  check(codec.info().encodes, ErrorKind::Model,
        "{}: holds the decoder only; `animate faces` can use it, a morph needs the encoder too: give weights with both",
        codec.info().name);
}

void paint_latent_morph(const models::FaceCodec& codec, std::span<const Image> faces,
                        std::span<const CodeMoment> moments, const std::function<void(const Image&)>& sink,
                        Progress& progress, std::stop_token stop) {
  require_encoder(codec);
  const auto codes = codes_of(codec, faces);
  progress.start("morph", static_cast<int64_t>(moments.size()));
  int64_t done = 0;
  const auto paint = [&](const std::vector<torch::Tensor>& batch) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    const auto bytes = core::to_bytes(codec.decode(torch::cat(batch))).to(torch::kCPU);
    for (int64_t i = 0; i < bytes.size(0); ++i) {
      sink(core::image_of_bytes(bytes[i]));
      progress.advance(++done);
    }
  };
  std::vector<torch::Tensor> waiting;
  const auto flush = [&] {
    if (!waiting.empty()) paint(waiting);
    waiting.clear();
  };
  for (const CodeMoment& moment : moments) {
    const auto code = autoencoder::between(codes.at(moment.from), codes.at(moment.to), moment.share);
    if (is_end(moment)) {
      flush();
      paint({code});
      continue;
    }
    waiting.push_back(code);
    if (waiting.size() == kDecodedAtOnce) flush();
  }
  flush();
  progress.finish(done);
}

Image latent_morph_sheet(const models::FaceCodec& codec, const Image& from, const Image& to, int64_t count) {
  require_encoder(codec);
  const std::array faces{from, to};
  const auto codes = codes_of(codec, faces);
  const auto path = autoencoder::straight_path(codes[0][0], codes[1][0], count);
  return core::grid_image(core::picture_grid(codec.decode(path), 8, true));
}

}  // namespace animate::engine
