#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace animate::checkpoint {

// A cursor over untrusted little-endian bytes. Running past the end throws Error(Input), which says that the file
// ends inside `inside` (as "its pickle"). Holds references: the bytes and the name must outlive it.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, const std::string& name, std::string_view inside)
      : bytes_(bytes), name_(name), inside_(inside) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  std::span<const std::byte> take(uint64_t count) {
    if (count > remaining()) fail_cut();
    const auto taken = bytes_.subspan(position_, static_cast<size_t>(count));
    position_ += taken.size();
    return taken;
  }

  std::string_view text(uint64_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  // Up to the next newline, which is consumed and not returned.
  std::string_view line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + position_, remaining());
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) fail_cut();
    position_ += end + 1;
    return rest.substr(0, end);
  }

  template <typename T>
  T little() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

 private:
  [[noreturn]] void fail_cut() const {
    fail(ErrorKind::Input, "{}: the file ends inside {}: the download was cut; download it again", name_, inside_);
  }

  std::span<const std::byte> bytes_;
  const std::string& name_;
  std::string_view inside_;
  size_t position_ = 0;
};

}  // namespace animate::checkpoint
