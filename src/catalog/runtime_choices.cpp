#include "catalog/runtime_choices.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"

namespace animate {
namespace {

constexpr int64_t kCudaBatch = 8;
constexpr auto kPrecisions = std::to_array<std::string_view>({"auto", "fp32", "tf32", "fp16", "bf16"});

// 0: auto
int64_t parse_batch(const std::string& text) {
  if (text == "auto") return 0;
  int64_t frames = 0;
  const char* const end = text.data() + text.size();
  const auto [place, error] = std::from_chars(text.data(), end, frames);
  check(error == std::errc() && place == end && frames >= 1 && frames <= kLargestBatch, ErrorKind::Usage,
        "--batch {}: is not a number of frames; use auto or a number from 1 to {}", text, kLargestBatch);
  return frames;
}

}  // namespace

int64_t batch_size(const RuntimeOptions& options, bool cuda) {
  const int64_t asked = parse_batch(options.batch);
  if (asked > 0) return asked;
  return cuda ? kCudaBatch : 1;
}

std::string precision_word(const RuntimeOptions& options) {
  const std::string& word = options.precision;
  check(std::find(kPrecisions.begin(), kPrecisions.end(), word) != kPrecisions.end(), ErrorKind::Usage,
        "--precision {}: is not known; use auto, fp32, tf32, fp16 or bf16", word);
  if (!options.half) return word;
  check(word == "auto" || word == "fp16", ErrorKind::Usage,
        "--half means --precision fp16, not {}; leave one of them out", word);
  return "fp16";
}

void check_runtime(const RuntimeOptions& options) {
  parse_batch(options.batch);
  precision_word(options);
}

}  // namespace animate
