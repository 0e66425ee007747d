#pragma once

#include <cstdint>
#include <span>

namespace animate::media {

// Whether the blocks of a GIF packet (GIF89a specification, appendix B) end inside it. From version 7 on FFmpeg hands
// over the image of a file that was cut off as if it were whole, and its decoder paints the rows that are there.
bool gif_packet_is_whole(std::span<const uint8_t> packet);

}  // namespace animate::media
