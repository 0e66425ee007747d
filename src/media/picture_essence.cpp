#include "media/picture_essence.h"

#include <zlib.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "media/picture_bytes.h"

namespace animate::media {
namespace {

using std::string_view_literals::operator""sv;

void append(std::vector<std::byte>& out, std::span<const std::byte> part) {
  out.insert(out.end(), part.begin(), part.end());
}

bool is_restart(uint32_t marker) { return marker >= 0xd0 && marker <= 0xd7; }

// Where the entropy-coded data from `at` on end: at the next marker, or at the end of the file.
size_t end_of_scan(const PictureBytes& bytes, size_t at) {
  for (; at + 1 < bytes.size(); ++at) {
    if (bytes.u8(at) != 0xff) continue;
    const uint32_t next = bytes.u8(at + 1);
    if (next != 0 && next != 0xff && !is_restart(next)) return at;
  }
  return bytes.size();
}

// Whether a segment of a picture begins there, and not a byte of something else that looks like it.
bool is_segment(const PictureBytes& bytes, size_t at) {
  const uint32_t marker = bytes.u8(at + 1);
  const size_t length = bytes.u16(at + 2);
  const bool known = (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xda && marker <= 0xfe);
  return bytes.u8(at) == 0xff && known && length >= 2 && at + 2 + length <= bytes.size();
}

std::vector<std::byte> essence_of_jpeg(std::span<const std::byte> file) {
  const PictureBytes bytes(file, true);
  std::vector<std::byte> out;
  out.reserve(file.size());
  append(out, file.first(2));
  bool scanned = false;
  for (size_t at = 2; at < file.size();) {
    const uint32_t marker = bytes.u8(at + 1);
    if (bytes.u8(at) == 0xff && marker == 0xff) {  // a fill byte
      ++at;
      continue;
    }
    if (bytes.u8(at) == 0xff && marker == 0xd9) {
      append(out, bytes.from(at, 2));
      return out;
    }
    if (!is_segment(bytes, at)) {
      // Behind a scan these are bytes of something else; the decoder knows whether the scan was whole.
      if (!scanned)
        append(out, bytes.from(at));
      else
        append(out, std::as_bytes(std::span("\xff\xd9"sv)));
      return out;
    }
    const size_t length = 2 + static_cast<size_t>(bytes.u16(at + 2));
    // APP0 and APP14 tell how colours are stored, and so do some comments; other application data do not.
    const bool application = marker >= 0xe0 && marker <= 0xef;
    if (!application || marker == 0xe0 || marker == 0xee) append(out, bytes.from(at, length));
    at += length;
    if (marker != 0xda) continue;
    const size_t end = end_of_scan(bytes, at);
    append(out, bytes.from(at, end - at));
    at = end;
    scanned = true;
  }
  return out;
}

std::vector<std::byte> essence_of_png(std::span<const std::byte> file) {
  const PictureBytes bytes(file, true);
  std::vector<std::byte> out;
  out.reserve(file.size());
  append(out, bytes.from(0, 8));
  for (size_t at = 8; at < file.size();) {
    const size_t length = size_t{12} + bytes.u32(at);
    // Capitals begin the names of what a reader must understand; of the rest only tRNS changes pixels.
    const bool critical = (bytes.u8(at + 4) & 0x20U) == 0;
    if (at + 12 > file.size() || length > file.size() - at || critical || bytes.text_at(at + 4, "tRNS")) {
      append(out, bytes.from(at, length));
    }
    if (bytes.text_at(at + 4, "IEND")) break;
    at += length;
  }
  return out;
}

// In up to 255 pieces, each with its number and how many there are.
std::vector<std::byte> profile_of_jpeg(std::span<const std::byte> file) {
  constexpr auto name = "ICC_PROFILE\0"sv;
  const PictureBytes bytes(file, true);
  std::map<uint32_t, std::span<const std::byte>> pieces;
  uint32_t count = 0;
  for (size_t at = 2; is_segment(bytes, at) && bytes.u8(at + 1) != 0xda;) {
    const size_t length = bytes.u16(at + 2);
    if (bytes.u8(at + 1) == 0xe2 && bytes.text_at(at + 4, name) && length > name.size() + 4) {
      const size_t start = at + 4 + name.size();
      pieces.emplace(bytes.u8(start), bytes.from(start + 2, length - name.size() - 4));
      count = bytes.u8(start + 1);
    }
    at += 2 + length;
  }
  std::vector<std::byte> profile;
  if (pieces.size() != count || (count > 0 && (pieces.begin()->first != 1 || pieces.rbegin()->first != count)))
    return {};
  for (const auto& [number, piece] : pieces) append(profile, piece);
  return profile;
}

std::vector<std::byte> copy_of(std::span<const std::byte> part) { return {part.begin(), part.end()}; }

// What can be inflated of `deflated`; profiles are some kilobytes, and no more than a megabyte is taken.
std::vector<std::byte> inflated(std::span<const std::byte> deflated) {
  std::vector<std::byte> out(size_t{1} << 20);
  auto size = static_cast<uLongf>(out.size());
  const int code = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                reinterpret_cast<const Bytef*>(deflated.data()), deflated.size());
  // Something has to be there, so that a broken profile is told from none.
  out.resize(code == Z_OK ? size : 1);
  return out;
}

// A chunk with the profile's name, a zero, how it is compressed (0), and the compressed profile.
std::vector<std::byte> profile_of_png(std::span<const std::byte> file) {
  constexpr size_t longest_name = 79;
  const PictureBytes bytes(file, true);
  for (size_t at = 8; at + 12 <= file.size(); at += size_t{12} + bytes.u32(at)) {
    if (bytes.text_at(at + 4, "IDAT")) break;
    if (!bytes.text_at(at + 4, "iCCP")) continue;
    const auto chunk = bytes.from(at + 8, bytes.u32(at));
    const auto name_end = std::find(chunk.begin(), chunk.end(), std::byte{0});
    const auto name = static_cast<size_t>(name_end - chunk.begin());
    return inflated(name > longest_name || chunk.size() < name + 2 ? chunk.first(0) : chunk.subspan(name + 2));
  }
  return {};
}

std::vector<std::byte> profile_of_webp(std::span<const std::byte> file) {
  const PictureBytes bytes(file, false);
  for (size_t at = 12; at + 8 <= file.size();) {
    const size_t length = bytes.u32(at + 4);
    if (bytes.text_at(at, "ICCP")) return copy_of(bytes.from(at + 8, length));
    at += 8 + length + (length & 1U);
  }
  return {};
}

std::vector<std::byte> profile_of_tiff(std::span<const std::byte> file, bool big_endian) {
  const PictureBytes bytes(file, big_endian);
  const size_t directory = bytes.u32(4);
  for (uint32_t i = 0; i < bytes.u16(directory); ++i) {
    const size_t entry = directory + 2 + static_cast<size_t>(i) * 12;
    if (entry + 12 > file.size()) break;
    if (bytes.u16(entry) == 34675) return copy_of(bytes.from(bytes.u32(entry + 8), bytes.u32(entry + 4)));
  }
  return {};
}

}  // namespace

std::vector<std::byte> picture_essence(std::span<const std::byte> file) {
  const PictureBytes bytes(file, true);
  if (bytes.text_at(0, "\xff\xd8\xff")) return essence_of_jpeg(file);
  if (bytes.text_at(0, "\x89PNG")) return essence_of_png(file);
  return copy_of(file);
}

std::vector<std::byte> stored_profile(std::span<const std::byte> file) {
  const PictureBytes bytes(file, true);
  if (bytes.text_at(0, "\xff\xd8\xff")) return profile_of_jpeg(file);
  if (bytes.text_at(0, "\x89PNG")) return profile_of_png(file);
  if (bytes.text_at(0, "RIFF") && bytes.text_at(8, "WEBP")) return profile_of_webp(file);
  if (bytes.text_at(0, "II*\0"sv)) return profile_of_tiff(file, false);
  if (bytes.text_at(0, "MM\0*"sv)) return profile_of_tiff(file, true);
  return {};
}

}  // namespace animate::media
