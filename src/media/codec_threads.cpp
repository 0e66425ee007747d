#include "media/codec_threads.h"

#include <algorithm>
#include <atomic>

#include "base/threads.h"

namespace animate::media {
namespace {

// Each frame thread holds a few pictures: more than eight cost memory and bring nothing beside a network.
constexpr int kMostForDecoding = 8;

std::atomic<int> allowed{0};

}  // namespace

void set_codec_threads(int threads) { allowed = std::max(0, threads); }

int decoder_threads() { return std::min(thread_count(allowed), kMostForDecoding); }

int encoder_threads() { return allowed; }

}  // namespace animate::media
