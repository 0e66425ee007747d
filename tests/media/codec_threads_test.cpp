#include "media/codec_threads.h"

#include "support/catch.h"

using namespace animate::media;
using namespace animate;

TEST_CASE("decoders and encoders take no more threads than they may") {
  const auto decoding = [](int threads) {
    set_codec_threads(threads);
    return decoder_threads();
  };
  const int free_choice = decoding(0);
  CHECK(free_choice >= 1);
  CHECK(free_choice <= 8);
  CHECK(encoder_threads() == 0);  // FFmpeg's word for its own choice
  CHECK(decoding(1) == 1);
  CHECK(encoder_threads() == 1);
  CHECK(decoding(32) == 8);
  CHECK(encoder_threads() == 32);
  CHECK(decoding(-3) == free_choice);
}
