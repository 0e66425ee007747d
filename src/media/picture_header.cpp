#include "media/picture_header.h"

#include <cstdlib>
#include <string_view>

#include "media/picture_bytes.h"

namespace animate::media {
namespace {

constexpr std::string_view kExif("Exif\0\0", 6);

// The first directory of a TIFF block: orientation, and the size where the block is a picture itself.
void read_tiff(std::span<const std::byte> data, PictureHeader& header, bool with_size) {
  const bool big_endian = PictureBytes(data, true).text_at(0, "MM");
  const PictureBytes bytes(data, big_endian);
  if (!big_endian && !bytes.text_at(0, "II")) return;
  const size_t directory = bytes.u32(4);
  const uint32_t entries = bytes.u16(directory);
  for (uint32_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + static_cast<size_t>(i) * 12;
    if (entry + 12 > data.size()) return;
    constexpr uint32_t short_type = 3;
    const uint32_t value = bytes.u16(entry + 2) == short_type ? bytes.u16(entry + 8) : bytes.u32(entry + 8);
    switch (bytes.u16(entry)) {
      case 256:
        if (with_size) header.width = value;
        break;
      case 257:
        if (with_size) header.height = value;
        break;
      case 274:
        if (value >= 1 && value <= 8) header.orientation = static_cast<int>(value);
        break;
      default: break;
    }
  }
}

// Of several Exif blocks the first counts, as programs that show pictures have it.
void read_jpeg(const PictureBytes& bytes, PictureHeader& header) {
  bool turned = false;
  for (size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes.u8(at) != 0xff) return;
    const uint32_t marker = bytes.u8(at + 1);
    if (marker == 0xff) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xda || marker == 0xd9) return;
    const size_t length = bytes.u16(at + 2);
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      header.height = bytes.u16(at + 5);
      header.width = bytes.u16(at + 7);
    } else if (marker == 0xe1 && !turned && bytes.text_at(at + 4, kExif)) {
      read_tiff(bytes.from(at + 10), header, false);
      turned = true;
    }
    at += 2 + length;
  }
}

void read_png(const PictureBytes& bytes, PictureHeader& header) {
  header.width = bytes.u32(16);
  header.height = bytes.u32(20);
  for (size_t at = 8; at + 12 <= bytes.size();) {
    if (bytes.text_at(at + 4, "eXIf")) return read_tiff(bytes.from(at + 8), header, false);
    at += 12 + static_cast<size_t>(bytes.u32(at));
  }
}

void read_webp(const PictureBytes& bytes, PictureHeader& header) {
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = bytes.u32(at + 4);
    if (bytes.text_at(at, "VP8X")) {
      header.width = bytes.u24(at + 12) + 1;
      header.height = bytes.u24(at + 15) + 1;
    } else if (bytes.text_at(at, "EXIF")) {
      return read_tiff(bytes.from(at + (bytes.text_at(at + 8, kExif) ? 14 : 8)), header, false);
    }
    at += 8 + length + (length & 1U);
  }
}

}  // namespace

PictureHeader read_picture_header(std::span<const std::byte> file) {
  PictureHeader header;
  const PictureBytes big(file, true), little(file, false);
  if (big.text_at(0, "\xff\xd8\xff")) {
    read_jpeg(big, header);
  } else if (big.text_at(0, "\x89PNG")) {
    read_png(big, header);
  } else if (big.text_at(0, "GIF8")) {
    header.width = little.u16(6);
    header.height = little.u16(8);
  } else if (big.text_at(0, "BM")) {
    header.width = little.u32(18);
    header.height = std::llabs(static_cast<int32_t>(little.u32(22)));
  } else if (big.text_at(0, "RIFF") && big.text_at(8, "WEBP")) {
    read_webp(little, header);
  } else {
    read_tiff(file, header, true);
  }
  return header;
}

}  // namespace animate::media
