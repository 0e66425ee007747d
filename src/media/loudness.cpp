#include "media/loudness.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "media/demuxer.h"
#include "media/packet_decoder.h"
#include "media/video_choice.h"

namespace animate::media {
namespace {

// Speech has nothing above half of it that moves a mouth.
constexpr int kSampleRate = 16'000;

// Samples in, one number for each window out.
class Windows {
 public:
  Windows(double rate, double most_seconds) : rate_(rate), most_(static_cast<int64_t>(most_seconds * kSampleRate)) {}

  bool full() const { return count_ >= most_; }

  void add(float sample) {
    if (full()) return;
    // Windows of 1 / rate seconds need not be whole numbers of samples.
    const auto window = static_cast<size_t>(static_cast<double>(count_) * rate_ / kSampleRate);
    if (window >= sums_.size()) sums_.resize(window + 1), counts_.resize(window + 1);
    sums_[window] += static_cast<double>(sample) * sample;
    ++counts_[window];
    ++count_;
  }

  std::vector<double> decibels() const {
    std::vector<double> levels;
    for (size_t i = 0; i < sums_.size(); ++i) {
      const double mean = counts_[i] > 0 ? sums_[i] / static_cast<double>(counts_[i]) : 0;
      levels.push_back(mean > 0 ? 10 * std::log10(mean) : -std::numeric_limits<double>::infinity());
    }
    return levels;
  }

 private:
  double rate_;
  int64_t most_;
  int64_t count_ = 0;
  std::vector<double> sums_;
  std::vector<int64_t> counts_;
};

// Decodes one stream to single samples.
class SoundReader {
 public:
  SoundReader(const std::filesystem::path& path, Windows& windows)
      : demuxer_(path, Demuxer::Depth::Streams, Demuxer::Wanted::Sound), windows_(windows) {
    stream_ = choose_audio(demuxer_, nullptr);
    check(stream_ != nullptr, ErrorKind::Input, "{}: holds no sound; give {}", show(path), Demuxer::kSoundFiles);
    demuxer_.use_only(*stream_);
    decoder_.emplace(*stream_, path);
  }

  void read() {
    while (!windows_.full() && demuxer_.read(*packet_) >= 0) {
      if (packet_->stream_index == stream_->index && decoder_->send(*packet_)) take();
      av_packet_unref(packet_.get());
    }
    decoder_->drain();
    take();
    if (resampler_) convert(nullptr, 0);
  }

 private:
  void take() {
    while (decoder_->receive(*frame_) == PacketDecoder::Result::Frame) {
      if (!resampler_ || !same_sound()) open_resampler();
      convert(const_cast<const uint8_t**>(frame_->extended_data), frame_->nb_samples);
    }
  }

  bool same_sound() const {
    return frame_->sample_rate == rate_ && frame_->format == format_ && frame_->ch_layout.nb_channels == channels_;
  }

  void open_resampler() {
    if (resampler_) convert(nullptr, 0);
    rate_ = frame_->sample_rate;
    format_ = frame_->format;
    channels_ = frame_->ch_layout.nb_channels;
    AVChannelLayout in{};
    AVChannelLayout out{};
    av_channel_layout_default(&out, 1);
    if (frame_->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
      av_channel_layout_default(&in, channels_);
    } else {
      av_check(av_channel_layout_copy(&in, &frame_->ch_layout), "av_channel_layout_copy");
    }
    SwrContext* resampler = nullptr;
    const int made = swr_alloc_set_opts2(&resampler, &out, AV_SAMPLE_FMT_FLT, kSampleRate, &in,
                                         static_cast<AVSampleFormat>(format_), rate_, 0, nullptr);
    resampler_.reset(resampler);
    av_channel_layout_uninit(&in);
    av_channel_layout_uninit(&out);
    av_check(made, "swr_alloc_set_opts2");
    av_check(swr_init(resampler_.get()), "swr_init");
  }

  // Null data flushes the resampler.
  void convert(const uint8_t** data, int count) {
    const int room = swr_get_out_samples(resampler_.get(), count);
    if (room <= 0) return;
    samples_.resize(static_cast<size_t>(room));
    auto* out = reinterpret_cast<uint8_t*>(samples_.data());
    const int made = av_check(swr_convert(resampler_.get(), &out, room, data, count), "swr_convert");
    for (int i = 0; i < made; ++i) windows_.add(samples_[static_cast<size_t>(i)]);
  }

  Demuxer demuxer_;
  Windows& windows_;
  AVStream* stream_ = nullptr;  // owned by demuxer_
  std::optional<PacketDecoder> decoder_;
  UniqueSwr resampler_;
  UniquePacket packet_ = make_packet();
  UniqueFrame frame_ = make_frame();
  std::vector<float> samples_;
  int rate_ = 0, format_ = -1, channels_ = 0;  // what resampler_ was made for
};

}  // namespace

std::vector<double> loudness_of(const std::filesystem::path& path, double rate, double most_seconds) {
  check(rate > 0 && rate <= 1000, ErrorKind::Internal, "loudness {} times a second", rate);
  Windows windows(rate, most_seconds);
  SoundReader(path, windows).read();
  return windows.decibels();
}

}  // namespace animate::media
