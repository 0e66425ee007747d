#include "checkpoint/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/error.h"

namespace animate::checkpoint {
namespace {

constexpr uint64_t kMaxRatio = 1032;  // the most that deflate can compress: 258 bytes in 2 bits

unsigned int chunk(size_t size) {
  return static_cast<unsigned int>(std::min<size_t>(size, std::numeric_limits<int>::max()));
}

constexpr const char* kDamaged = "{}: a compressed part of the zip is damaged; download it again";

}  // namespace

uint32_t crc32_of(std::span<const std::byte> bytes, uint32_t crc) {
  return static_cast<uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::vector<std::byte> inflate_bytes(std::span<const std::byte> deflated, uint64_t size, const std::string& name) {
  check(size / kMaxRatio <= deflated.size(), ErrorKind::Input, kDamaged, name);
  std::vector<std::byte> out(size);
  z_stream stream{};
  check(::inflateInit2(&stream, -MAX_WBITS) == Z_OK, ErrorKind::Input,
        "{}: there is no memory left to decompress it; close other programs", name);
  const std::unique_ptr<z_stream, int (*)(z_streamp)> end(&stream, ::inflateEnd);
  size_t read = 0;
  size_t written = 0;
  int status = Z_OK;
  std::byte spare{};
  while (status == Z_OK) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(deflated.data() + read));
    stream.avail_in = chunk(deflated.size() - read);
    // With the output full, one spare byte lets zlib see the end of the stream, or shows that it is too long.
    const bool full = written == out.size();
    stream.next_out = reinterpret_cast<Bytef*>(full ? &spare : out.data() + written);
    stream.avail_out = full ? 1 : chunk(out.size() - written);
    const auto [in_before, out_before] = std::pair(stream.avail_in, stream.avail_out);
    status = ::inflate(&stream, Z_NO_FLUSH);
    read += in_before - stream.avail_in;
    const size_t produced = out_before - stream.avail_out;
    check(!full || produced == 0, ErrorKind::Input, kDamaged, name);
    written += produced;
  }
  check(status == Z_STREAM_END && written == out.size(), ErrorKind::Input, kDamaged, name);
  return out;
}

std::vector<std::byte> inflate_front(std::span<const std::byte> deflated, uint64_t size, size_t most,
                                     const std::string& name) {
  check(size / kMaxRatio <= deflated.size(), ErrorKind::Input, kDamaged, name);
  std::vector<std::byte> out(static_cast<size_t>(std::min<uint64_t>(size, most)));
  if (out.empty()) return out;
  z_stream stream{};
  check(::inflateInit2(&stream, -MAX_WBITS) == Z_OK, ErrorKind::Input,
        "{}: there is no memory left to decompress it; close other programs", name);
  const std::unique_ptr<z_stream, int (*)(z_streamp)> end(&stream, ::inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(deflated.data()));
  stream.avail_in = chunk(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = chunk(out.size());
  const int status = ::inflate(&stream, Z_SYNC_FLUSH);
  check((status == Z_OK || status == Z_STREAM_END) && stream.avail_out == 0, ErrorKind::Input, kDamaged, name);
  return out;
}

}  // namespace animate::checkpoint
