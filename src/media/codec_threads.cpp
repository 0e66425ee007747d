#include "media/codec_threads.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace animate::media {
namespace {

// Each frame thread holds a few pictures: more than eight cost memory and bring nothing beside a network.
constexpr int kMostForDecoding = 8;

std::atomic<int> allowed{0};

}  // namespace

void set_codec_threads(int threads) { allowed = std::max(0, threads); }

int decoder_threads() {
  const int most = allowed > 0 ? allowed.load() : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return std::min(most, kMostForDecoding);
}

int encoder_threads() { return allowed; }

}  // namespace animate::media
