#include "media/picture_kind.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/error.h"
#include "base/file_suffix.h"
#include "media/picture_bytes.h"

namespace animate::media {
namespace {

// The brands of an ISO file of pictures: "mif1" is on HEIC and AVIF alike, and a series of pictures is a clip.
PictureKind kind_of_brands(const PictureBytes& bytes) {
  for (const std::string_view series : {"avis", "msf1", "hevc", "hevx"}) {
    if (bytes.text_at(8, series)) return PictureKind::Other;
  }
  const size_t end = std::min<size_t>(bytes.u32(0), 256);
  PictureKind kind = PictureKind::Other;
  for (size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) {
    if (bytes.text_at(at, "avif")) return PictureKind::Avif;
    for (const std::string_view brand : {"heic", "heix", "heim", "heis", "mif1"}) {
      if (bytes.text_at(at, brand)) kind = PictureKind::Heic;
    }
  }
  return kind;
}

std::string unreadable_jpeg(const PictureBytes& bytes) {
  for (size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes.u8(at) != 0xff) return {};
    const uint32_t marker = bytes.u8(at + 1);
    if (marker == 0xff) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xda || marker == 0xd9) return {};
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      if (marker >= 0xc9) return "arithmetic coding";
      if (marker >= 0xc5) return "hierarchical coding";
      const uint32_t bits = bytes.u8(at + 4);
      return bits == 8 || marker == 0xc3 ? std::string() : fmt::format("{} bits a sample", bits);
    }
    at += 2 + static_cast<size_t>(bytes.u16(at + 2));
  }
  return {};
}

struct TiffFacts {
  uint32_t compression = 1;
  uint32_t sample_format = 1;  // 1 whole numbers, 2 signed, 3 floating point
};

// Of the first directory. A value of several numbers lies elsewhere; its first one is what counts.
TiffFacts tiff_facts(std::span<const std::byte> file) {
  TiffFacts facts;
  const PictureBytes bytes(file, PictureBytes(file, true).text_at(0, "MM"));
  const size_t directory = bytes.u32(4);
  for (uint32_t i = 0; i < bytes.u16(directory); ++i) {
    const size_t entry = directory + 2 + static_cast<size_t>(i) * 12;
    if (entry + 12 > file.size()) break;
    const size_t place = bytes.u32(entry + 4) > 2 ? bytes.u32(entry + 8) : entry + 8;
    if (bytes.u16(entry) == 259) facts.compression = bytes.u16(place);
    if (bytes.u16(entry) == 339) facts.sample_format = bytes.u16(place);
  }
  return facts;
}

std::string unreadable_tiff(std::span<const std::byte> file) {
  struct Name {
    uint32_t number;
    const char* name;
  };
  static constexpr auto names = std::to_array<Name>({{6, "old JPEG"},
                                                     {7, "JPEG"},
                                                     {9, "JBIG"},
                                                     {10, "JBIG"},
                                                     {34661, "JBIG"},
                                                     {34676, "SGI LogLuv"},
                                                     {34677, "SGI LogLuv"},
                                                     {34712, "JPEG 2000"},
                                                     {34887, "LERC"},
                                                     {34925, "LZMA"},
                                                     {34927, "WebP"},
                                                     {50000, "ZSTD"},
                                                     {50001, "WebP"},
                                                     {50002, "JPEG XL"},
                                                     {52546, "JPEG XL"},
                                                     {33003, "JPEG 2000"},
                                                     {33005, "JPEG 2000"},
                                                     {34892, "lossy JPEG"}});
  const TiffFacts facts = tiff_facts(file);
  for (const Name& name : names) {
    if (name.number == facts.compression) return fmt::format("{} compression", name.name);
  }
  // What FFmpeg's reader decodes: none, the fax codes, LZW, PackBits and Deflate.
  for (const uint32_t known : {1U, 2U, 3U, 4U, 5U, 8U, 32773U, 32946U}) {
    if (known != facts.compression) continue;
    if (facts.sample_format == 3) return "floating-point samples";
    return facts.sample_format == 2 ? "signed samples" : "";
  }
  return fmt::format("compression number {}", facts.compression);
}

bool is_tiff(const PictureBytes& bytes) {
  return bytes.text_at(0, std::string_view("II*\0", 4)) || bytes.text_at(0, std::string_view("MM\0*", 4));
}

bool is_targa(std::span<const std::byte> head) {
  const PictureBytes bytes(head, false);
  const uint32_t kind = bytes.u8(2) & 7U, bits = bytes.u8(16);
  const bool known = kind >= 1 && kind <= 3 && (bytes.u8(2) & 0xf0U) == 0 && bytes.u8(1) <= 1;
  return known && bits >= 8 && bits <= 32 && bytes.u16(12) > 0 && bytes.u16(14) > 0;
}

}  // namespace

PictureKind picture_kind(std::span<const std::byte> head) {
  const PictureBytes bytes(head, true);
  if (bytes.text_at(0, "\xff\xd8\xff")) return PictureKind::Jpeg;
  if (bytes.text_at(0, "\x89PNG")) return PictureKind::Png;
  if (bytes.text_at(0, "RIFF") && bytes.text_at(8, "WEBP")) {
    const bool animated = bytes.text_at(12, "VP8X") && (bytes.u8(20) & 2U) != 0;
    return animated ? PictureKind::AnimatedWebP : PictureKind::WebP;
  }
  if (is_tiff(bytes)) return PictureKind::Tiff;
  if (bytes.text_at(4, "ftyp")) return kind_of_brands(bytes);
  if (bytes.text_at(0, "\xff\x0a") || bytes.text_at(0, std::string_view("\0\0\0\x0cJXL ", 8))) {
    return PictureKind::JpegXl;
  }
  return PictureKind::Other;
}

PictureKind picture_kind_of(const std::filesystem::path& path) {
  std::error_code ec;
  // A pipe would wait for whoever writes into it.
  if (!std::filesystem::is_regular_file(path, ec)) return PictureKind::Other;
  std::array<std::byte, 512> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  const std::span<const std::byte> read(head.data(), static_cast<size_t>(file.gcount()));
  const PictureKind kind = picture_kind(read);
  return kind == PictureKind::Other && lower_suffix(path) == ".tga" && is_targa(read) ? PictureKind::Targa : kind;
}

std::string unreadable_part(std::span<const std::byte> file) {
  const PictureBytes bytes(file, true);
  if (bytes.text_at(0, "\xff\xd8\xff")) return unreadable_jpeg(bytes);
  return is_tiff(bytes) ? unreadable_tiff(file) : std::string();
}

}  // namespace animate::media
