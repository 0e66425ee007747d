#pragma once

#include <torch/types.h>

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "animate/image.h"
#include "animate/progress.h"
#include "models/face_codec.h"

// A morph through codes: each picture becomes a code, codes are joined by straight lines, and each frame is a decoded
// code (models/autoencoder/README.md#morph). For whoever writes `animate morph --method latent`:
//
//   const OpenedCodec opened = open_codec(spec, runtime);                        // engine/codec/open_codec.h
//   const auto moments = moments_between(faces.size(), 64);                      // or a clock of your own
//   paint_latent_morph(*opened.codec, faces, moments, sink, progress, stop);     // sink gets 64x64 pictures in order
//
// A clock of your own (ease, loop, hold, fps) is a list of CodeMoments: easing is applied to `share` by whoever makes
// it, and a held or repeated frame is the same moment again.
namespace animate::engine {

// One frame: `share` of the way from picture `from` to picture `to`, 0 to 1, positions among the pictures given.
struct CodeMoment {
  size_t from = 0;
  size_t to = 0;
  double share = 0;
};

// The seed's clock: from each of `pictures` to the next in `frames` frames, both ends included; what two stretches
// share is there once. pictures >= 2, frames >= 2: frames + (pictures - 2) (frames - 1) moments.
std::vector<CodeMoment> moments_between(size_t pictures, int64_t frames);

// Throws Error(Model) for a codec that has no encoder, before any picture is read.
void require_encoder(const models::FaceCodec& codec);

// Paints the moments and gives each picture, side x side pixels, to `sink` in their order. Pictures of faces are of any
// size: the shorter side is brought to the codec's, and the middle taken. Moments at the ends are decoded alone, so
// they are decode(encode(picture)) to the bit. Throws Error(Model) as require_encoder(), Error(Cancelled) when stopped.
void paint_latent_morph(const models::FaceCodec& codec, std::span<const Image> faces,
                        std::span<const CodeMoment> moments, const std::function<void(const Image&)>& sink,
                        Progress& progress, std::stop_token stop);

// The sheet of a morph: `count` pictures from one face to the other, eight in a row, stretched as one to the whole
// range, as the seed shows them. count >= 2.
Image latent_morph_sheet(const models::FaceCodec& codec, const Image& from, const Image& to, int64_t count = 64);

}  // namespace animate::engine
