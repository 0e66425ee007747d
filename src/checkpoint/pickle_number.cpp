#include "checkpoint/pickle.h"

namespace animate::checkpoint::pickle {

std::string decimal_of(std::span<const std::byte> little_endian) {
  std::vector<uint32_t> words((little_endian.size() + 3) / 4, 0);
  const bool negative = !little_endian.empty() && (little_endian.back() & std::byte{0x80}) != std::byte{0};
  // Magnitude of a negative number: invert every bit, the padding included, and add one.
  uint64_t carry = negative ? 1 : 0;
  for (size_t w = 0; w < words.size(); ++w) {
    uint64_t word = 0;
    for (size_t b = 4; b-- > 0;) {
      const size_t i = w * 4 + b;
      const auto byte = i < little_endian.size() ? std::to_integer<uint32_t>(little_endian[i]) : negative ? 0xffU : 0U;
      word = word << 8 | (negative ? ~byte & 0xffU : byte);
    }
    carry += word;
    words[w] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  std::string digits;
  while (!words.empty()) {
    uint64_t rest = 0;
    for (size_t w = words.size(); w-- > 0;) {
      rest = rest << 32 | words[w];
      words[w] = static_cast<uint32_t>(rest / 1000000000);
      rest %= 1000000000;
    }
    while (!words.empty() && words.back() == 0) words.pop_back();
    for (int i = 0; i < 9; ++i, rest /= 10) digits += static_cast<char>('0' + rest % 10);
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.empty()) return "0";
  if (negative) digits += '-';
  return {digits.rbegin(), digits.rend()};
}

}  // namespace animate::checkpoint::pickle
