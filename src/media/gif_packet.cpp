#include "media/gif_packet.h"

#include <cstddef>

namespace animate::media {
namespace {

// Reads on through a packet; past its end every read gives zero and `ran_out` is set.
class BlockReader {
 public:
  explicit BlockReader(std::span<const uint8_t> data) : data_(data) {}

  bool at_end() const { return at_ >= data_.size(); }
  bool ran_out() const { return ran_out_; }
  uint8_t byte() {
    if (at_end()) {
      ran_out_ = true;
      return 0;
    }
    return data_[at_++];
  }
  void skip(size_t bytes) {
    if (bytes > data_.size() - at_) {
      ran_out_ = true;
      at_ = data_.size();
    } else {
      at_ += bytes;
    }
  }
  bool starts_with_signature() const {
    return data_.size() >= 6 && data_[0] == 'G' && data_[1] == 'I' && data_[2] == 'F';
  }
  // A chain of sub-blocks: a length, so many bytes, and again, up to a length of zero.
  void skip_sub_blocks() {
    for (uint8_t length = byte(); length != 0 && !ran_out_; length = byte()) skip(length);
  }

 private:
  std::span<const uint8_t> data_;
  size_t at_ = 0;
  bool ran_out_ = false;
};

// The colour table that a descriptor's flags announce: 3 bytes a colour, 2^(n + 1) colours.
size_t table_bytes(uint8_t flags) { return (flags & 0x80) != 0 ? size_t{3} << ((flags & 7) + 1) : 0; }

}  // namespace

bool gif_packet_is_whole(std::span<const uint8_t> packet) {
  constexpr uint8_t kExtension = 0x21, kImage = 0x2c;
  BlockReader reader(packet);
  if (reader.starts_with_signature()) {
    reader.skip(6 + 4);  // signature and version, width and height of the screen
    const uint8_t flags = reader.byte();
    reader.skip(2);
    reader.skip(table_bytes(flags));
  }
  while (!reader.at_end() && !reader.ran_out()) {
    const uint8_t kind = reader.byte();
    if (kind == kExtension) {
      reader.skip(1);
      reader.skip_sub_blocks();
    } else if (kind == kImage) {
      reader.skip(8);  // place and size
      reader.skip(table_bytes(reader.byte()));
      reader.skip(1);  // bits of the first codes
      reader.skip_sub_blocks();
    } else {
      break;  // the trailer, or bytes behind it
    }
  }
  return !reader.ran_out();
}

}  // namespace animate::media
