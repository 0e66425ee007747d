#include "media/packet_times.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace animate::media {
namespace {

// Enough for a rate; a few seconds of a clip.
constexpr size_t kMeasuredPictures = 512;

// Rates as cameras and encoders have them. A measured one this close to one of them is that one: the times of many
// files are rounded to milliseconds.
constexpr std::array<AVRational, 14> kUsualRates = {{{12, 1},
                                                     {15, 1},
                                                     {20, 1},
                                                     {24000, 1001},
                                                     {24, 1},
                                                     {25, 1},
                                                     {30000, 1001},
                                                     {30, 1},
                                                     {48, 1},
                                                     {50, 1},
                                                     {60000, 1001},
                                                     {60, 1},
                                                     {100, 1},
                                                     {120, 1}}};

// `uncertainty` of the rate is relative: within it a whole number is meant rather than an NTSC rate.
AVRational usual_rate(double rate, double uncertainty) {
  const auto distance = [&](AVRational usual) {
    const double off = std::abs(av_q2d(usual) / rate - 1);
    return usual.den == 1 && off < uncertainty ? 0 : off;
  };
  const auto nearest = std::min_element(kUsualRates.begin(), kUsualRates.end(),
                                        [&](AVRational a, AVRational b) { return distance(a) < distance(b); });
  return distance(*nearest) < 0.005 ? *nearest : av_d2q(rate, 1'000'000);
}

// Pictures that wait for others lie a quarter of a second apart at most.
bool steps_back(int64_t before, int64_t stamp, AVRational tick) {
  return av_compare_ts(before - stamp, tick, 1, {1, 4}) > 0;
}

}  // namespace

void visit_packets(const std::filesystem::path& path, int stream,
                   const std::function<bool(const AVPacket&, const AVStream&)>& visit) {
  Demuxer demuxer(path);
  const AVFormatContext& file = demuxer.context();
  if (stream >= 0 && stream < static_cast<int>(file.nb_streams)) demuxer.use_only(*file.streams[stream]);
  const UniquePacket packet = make_packet();
  bool wanted = true;
  while (wanted && demuxer.read(*packet) >= 0) {
    if (stream < 0 || packet->stream_index == stream) wanted = visit(*packet, *file.streams[packet->stream_index]);
    av_packet_unref(packet.get());
  }
}

std::optional<AVRational> rate_of_times(std::vector<int64_t> times, AVRational tick) {
  std::sort(times.begin(), times.end());
  std::vector<int64_t> steps;
  for (size_t i = 1; i < times.size(); ++i) {
    if (times[i] > times[i - 1]) steps.push_back(times[i] - times[i - 1]);
  }
  if (steps.empty()) return std::nullopt;
  std::sort(steps.begin(), steps.end());
  const int64_t median = steps[steps.size() / 2];
  // Times rounded to coarse ticks give a median of whole ticks. The steps around it are the same step, rounded up or
  // down, and their mean is what it was before.
  int64_t sum = 0;
  int64_t count = 0;
  for (const int64_t step : steps) {
    if (std::abs(step - median) > std::max<int64_t>(1, median / 10)) continue;
    sum += step;
    ++count;
  }
  const double seconds = static_cast<double>(sum) / static_cast<double>(count) * av_q2d(tick);
  return usual_rate(1 / seconds, std::min(0.005, 1 / static_cast<double>(sum)));
}

std::optional<AVRational> measured_rate(const std::filesystem::path& path, int stream) {
  std::vector<int64_t> times;
  AVRational tick{0, 1};
  visit_packets(path, stream, [&](const AVPacket& packet, const AVStream& of) {
    tick = of.time_base;
    const int64_t stamp = stamp_of(packet);
    if (stamp == AV_NOPTS_VALUE) return true;
    // Where a second recording begins, the first one has told enough.
    if (times.size() >= 2 && steps_back(times.back(), stamp, tick)) return false;
    times.push_back(stamp);
    return times.size() < kMeasuredPictures;
  });
  return rate_of_times(std::move(times), tick);
}

bool times_step_back(const Demuxer& demuxer, const AVStream& stream) {
  const std::string_view format = demuxer.format_name();
  if (format.starts_with("mov,") || format == "avi") return false;
  int64_t latest = AV_NOPTS_VALUE;
  bool back = false;
  visit_packets(demuxer.path(), stream.index, [&](const AVPacket& packet, const AVStream& of) {
    const int64_t stamp = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (stamp == AV_NOPTS_VALUE) return true;
    back = latest != AV_NOPTS_VALUE && steps_back(latest, stamp, of.time_base);
    latest = latest == AV_NOPTS_VALUE ? stamp : std::max(latest, stamp);
    return !back;
  });
  return back;
}

std::vector<StreamLength> stream_lengths(const std::filesystem::path& path) {
  struct Span {
    int64_t packets = 0, first = INT64_MAX, last = INT64_MIN;
    AVRational tick{0, 1};
  };
  std::vector<Span> spans;
  visit_packets(path, -1, [&](const AVPacket& packet, const AVStream& stream) {
    if (spans.size() <= static_cast<size_t>(stream.index)) spans.resize(static_cast<size_t>(stream.index) + 1);
    Span& span = spans[static_cast<size_t>(stream.index)];
    ++span.packets;
    span.tick = stream.time_base;
    if (const int64_t stamp = stamp_of(packet); stamp != AV_NOPTS_VALUE) {
      span.first = std::min(span.first, stamp);
      span.last = std::max(span.last, stamp);
    }
    return true;
  });
  std::vector<StreamLength> lengths;
  for (const Span& span : spans) {
    const bool timed = span.last > span.first;
    lengths.push_back({span.packets, timed ? static_cast<double>(span.last - span.first) * av_q2d(span.tick) : 0.0});
  }
  return lengths;
}

}  // namespace animate::media
