#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace animate::checkpoint {

// CRC-32 as zip and zlib define it; `crc` continues an earlier call.
uint32_t crc32_of(std::span<const std::byte> bytes, uint32_t crc = 0);

// Inflates a raw deflate stream that must give exactly `size` bytes; throws Error(Input) otherwise, and for a
// `size` that no deflate stream of this length can reach.
std::vector<std::byte> inflate_bytes(std::span<const std::byte> deflated, uint64_t size, const std::string& name);

// The first bytes of such a stream, at most `most` of them: what lies behind is neither inflated nor checked. Throws
// Error(Input) where the stream is damaged or ends before them.
std::vector<std::byte> inflate_front(std::span<const std::byte> deflated, uint64_t size, size_t most,
                                     const std::string& name);

}  // namespace animate::checkpoint
