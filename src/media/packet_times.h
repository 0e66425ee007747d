#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "media/demuxer.h"

namespace animate::media {

// What the packets of a file tell without being decoded. Everything here opens the file anew and reads it from its
// start, so that a reader of its own is not disturbed.

// Visits the packets of `stream` (by its index in the file), or of all streams for -1, until `visit` returns false or
// the file ends. Throws Error(Input) when the file cannot be opened.
void visit_packets(const std::filesystem::path& path, int stream,
                   const std::function<bool(const AVPacket&, const AVStream&)>& visit);

// The time of a packet in its stream's ticks, AV_NOPTS_VALUE where it has none.
inline int64_t stamp_of(const AVPacket& packet) { return packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts; }

// The usual rate of a stream by the times of its first pictures, for streams whose header tells none: one over the
// median of their differences. nullopt where there are fewer than two pictures with a time.
std::optional<AVRational> measured_rate(const std::filesystem::path& path, int stream);
// The same of times as they stand in a file, in any order. `tick`: seconds a tick.
std::optional<AVRational> rate_of_times(std::vector<int64_t> times, AVRational tick);

// Whether the times of a stream step back somewhere, as where recordings were joined: a moment in such a file cannot
// be looked up. Files with an index of their own (MP4, AVI) are not read.
bool times_step_back(const Demuxer& demuxer, const AVStream& stream);

// How much of a stream there is.
struct StreamLength {
  int64_t packets = 0;
  double seconds = 0;  // between the first and the last time
};
// Of every stream, by index.
std::vector<StreamLength> stream_lengths(const std::filesystem::path& path);

}  // namespace animate::media
