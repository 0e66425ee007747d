#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace animate::media {

// Bounds-checked numbers and texts out of the bytes of a picture file; past the end everything is zero.
class PictureBytes {
 public:
  PictureBytes(std::span<const std::byte> data, bool big_endian) : data_(data), big_endian_(big_endian) {}

  uint32_t number(size_t at, int size) const {
    uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
      const size_t position = at + static_cast<size_t>(big_endian_ ? i : size - 1 - i);
      value = value << 8U | (position < data_.size() ? std::to_integer<uint32_t>(data_[position]) : 0U);
    }
    return value;
  }
  uint32_t u8(size_t at) const { return number(at, 1); }
  uint32_t u16(size_t at) const { return number(at, 2); }
  uint32_t u24(size_t at) const { return number(at, 3); }
  uint32_t u32(size_t at) const { return number(at, 4); }

  bool text_at(size_t at, std::string_view text) const {
    for (size_t i = 0; i < text.size(); ++i) {
      if (at + i >= data_.size() || std::to_integer<char>(data_[at + i]) != text[i]) return false;
    }
    return true;
  }
  size_t size() const { return data_.size(); }
  // From `at` on; at most `length` bytes, fewer where the file ends.
  std::span<const std::byte> from(size_t at, size_t length = SIZE_MAX) const {
    const auto rest = data_.subspan(at < data_.size() ? at : data_.size());
    return rest.subspan(0, length < rest.size() ? length : rest.size());
  }

 private:
  std::span<const std::byte> data_;
  bool big_endian_;
};

}  // namespace animate::media
