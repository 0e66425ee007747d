#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/error.h"
#include "media/audio_track.h"
#include "media/joined_clock.h"
#include "media/packet_decoder.h"

namespace animate::media {
namespace {

// Note [Sample clock]: every sample that leaves the resampler has a number, counted from time 0 of the new video.
// `written_` is the number of the next one. A decoded frame says by its timestamp which number it should start at:
// too late = silence is put in between, before 0 = samples are dropped. Small differences are rounding and stay. Where
// the timestamps step back, recordings were joined: what follows is moved behind what is there (JoinedClock).
class AudioTranscoder final : public AudioTrack {
 public:
  AudioTranscoder(AudioInput input, const AVCodec& encoder, bool global_header)
      : input_(std::move(input)), decoder_(*input_.stream, input_.demuxer.path()) {
    open_encoder(encoder, global_header);
    const double seconds =
        input_.end == INT64_MAX ? 0 : static_cast<double>(input_.end - input_.zero) * av_q2d(input_.stream->time_base);
    if (input_.end != INT64_MAX) end_sample_ = std::llround(seconds * encoder_->sample_rate);
  }

  void describe(AVCodecParameters& parameters) const override {
    av_check(avcodec_parameters_from_context(&parameters, encoder_.get()), "avcodec_parameters_from_context");
  }
  AVRational time_base() const override { return {1, encoder_->sample_rate}; }

  bool next(AVPacket& packet) override {
    for (;;) {
      const int code = avcodec_receive_packet(encoder_.get(), &packet);
      if (code >= 0) return true;
      if (code == AVERROR_EOF) return false;
      if (code != AVERROR(EAGAIN)) av_check(code, "avcodec_receive_packet");
      feed_encoder();
    }
  }

 private:
  int channels() const { return encoder_->ch_layout.nb_channels; }

  void open_encoder(const AVCodec& encoder, bool global_header) {
    const AVCodecParameters& in = *input_.stream->codecpar;
    encoder_.reset(non_null(avcodec_alloc_context3(&encoder)));
    // Two channels at most: more would need a layout that encoder, container and player agree on.
    av_channel_layout_default(&encoder_->ch_layout, std::clamp(in.ch_layout.nb_channels, 1, 2));
    const auto formats = sample_formats(encoder);
    encoder_->sample_fmt = formats.empty() ? AV_SAMPLE_FMT_FLTP : formats.front();
    encoder_->sample_rate = closest_rate(encoder, in.sample_rate);
    encoder_->time_base = {1, encoder_->sample_rate};
    encoder_->bit_rate = 96'000 * static_cast<int64_t>(channels());
    if (global_header) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    const int opened = avcodec_open2(encoder_.get(), &encoder, nullptr);
    check(opened >= 0, ErrorKind::Input, "{}: its sound cannot be encoded again ({}), so it is left out",
          show(input_.demuxer.path()), av_text(opened));
    clock_.emplace(encoder_->sample_rate / 10);
    fifo_.reset(non_null(av_audio_fifo_alloc(encoder_->sample_fmt, channels(), 1)));
  }

  static int closest_rate(const AVCodec& encoder, int wanted) {
    const auto rates = sample_rates(encoder);
    if (rates.empty()) return wanted > 0 ? wanted : 48'000;
    int best = rates.front();
    // Prefer the smallest rate that loses nothing.
    for (const int rate : rates) {
      const bool better = best < wanted ? rate > best : (rate >= wanted && rate < best);
      if (better) best = rate;
    }
    return best;
  }

  void feed_encoder() {
    const int size = encoder_->frame_size > 0 ? encoder_->frame_size : 1024;
    while (!input_ended_ && av_audio_fifo_size(fifo_.get()) < size) read_input();
    const int count = std::min(size, av_audio_fifo_size(fifo_.get()));
    if (count == 0) {
      av_check(avcodec_send_frame(encoder_.get(), nullptr), "avcodec_send_frame");
      return;
    }
    const UniqueFrame frame = sound_buffer(count);
    av_check(av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->extended_data), count),
             "av_audio_fifo_read");
    frame->pts = encoded_;
    encoded_ += count;
    av_check(avcodec_send_frame(encoder_.get(), frame.get()), "avcodec_send_frame");
  }

  UniqueFrame sound_buffer(int samples) const {
    UniqueFrame frame = make_frame();
    frame->nb_samples = samples;
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    av_check(av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout), "av_channel_layout_copy");
    av_check(av_frame_get_buffer(frame.get(), 0), "av_frame_get_buffer");
    return frame;
  }

  // One step of decoding: a packet into the decoder or a frame out of it.
  void read_input() {
    switch (decoder_.receive(*decoded_)) {
      case PacketDecoder::Result::Frame: resample(*decoded_); return;
      case PacketDecoder::Result::End:
        if (resampler_) convert(nullptr, 0);
        input_ended_ = true;
        return;
      case PacketDecoder::Result::NeedsPacket: break;
    }
    const int code = input_.demuxer.read(*packet_);
    if (code < 0) {
      decoder_.drain();
    } else if (packet_->stream_index == input_.stream->index) {
      decoder_.send(*packet_);
    }
    av_packet_unref(packet_.get());
  }

  void resample(const AVFrame& frame) {
    const bool timed = frame.best_effort_timestamp != AV_NOPTS_VALUE;
    const auto stamp = timed ? input_.cuts.place(frame.best_effort_timestamp) : std::nullopt;
    if (timed && !stamp) return;
    if (!resampler_ || !same_sound(frame)) open_resampler(frame);
    if (stamp) {
      const int64_t next = written_ + swr_get_delay(resampler_.get(), encoder_->sample_rate);
      const int64_t own = av_rescale_q(*stamp - input_.zero, input_.stream->time_base, time_base());
      const int64_t due = started_ ? clock_->place(own, next) : own;
      const int64_t gap = due - next;
      if (!started_) {
        start_at(due);
      } else if (gap > encoder_->sample_rate / 20) {
        add_silence(std::min<int64_t>(gap, int64_t{600} * encoder_->sample_rate));
      }
    } else if (!started_) {
      start_at(0);
    }
    convert(const_cast<const uint8_t**>(frame.extended_data), frame.nb_samples);
  }

  void start_at(int64_t sample) {
    started_ = true;
    written_ = sample;
    encoded_ = std::max<int64_t>(sample, 0);
  }

  bool same_sound(const AVFrame& frame) const {
    return frame.sample_rate == rate_ && frame.format == format_ && frame.ch_layout.nb_channels == in_channels_;
  }

  void open_resampler(const AVFrame& frame) {
    if (resampler_) convert(nullptr, 0);
    rate_ = frame.sample_rate;
    format_ = frame.format;
    in_channels_ = frame.ch_layout.nb_channels;
    AVChannelLayout layout{};
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
      av_channel_layout_default(&layout, in_channels_);
    } else {
      av_check(av_channel_layout_copy(&layout, &frame.ch_layout), "av_channel_layout_copy");
    }
    SwrContext* resampler = nullptr;
    const int made = swr_alloc_set_opts2(&resampler, &encoder_->ch_layout, encoder_->sample_fmt, encoder_->sample_rate,
                                         &layout, static_cast<AVSampleFormat>(format_), rate_, 0, nullptr);
    resampler_.reset(resampler);
    av_channel_layout_uninit(&layout);
    av_check(made, "swr_alloc_set_opts2");
    av_check(swr_init(resampler_.get()), "swr_init");
  }

  // Null data flushes the resampler.
  void convert(const uint8_t** data, int count) {
    const int room = swr_get_out_samples(resampler_.get(), count);
    if (room <= 0) return;
    const UniqueFrame out = sound_buffer(room);
    const int made = av_check(swr_convert(resampler_.get(), out->extended_data, room, data, count), "swr_convert");
    store(*out, made);
  }

  void add_silence(int64_t samples) {
    while (samples > 0) {
      const int count = static_cast<int>(std::min<int64_t>(samples, 4096));
      const UniqueFrame out = sound_buffer(count);
      av_samples_set_silence(out->extended_data, 0, count, channels(), encoder_->sample_fmt);
      store(*out, count);
      samples -= count;
    }
  }

  // Keeps the samples with numbers from 0 to end_sample_.
  void store(AVFrame& frame, int count) {
    const int64_t first = written_;
    written_ += count;
    const auto skip = static_cast<int>(std::clamp<int64_t>(-first, 0, count));
    const auto keep = static_cast<int>(std::clamp<int64_t>(end_sample_ - first - skip, 0, count - skip));
    if (end_sample_ - first <= count) input_ended_ = true;
    if (keep == 0) return;
    const bool planar = av_sample_fmt_is_planar(encoder_->sample_fmt) != 0;
    const int step = av_get_bytes_per_sample(encoder_->sample_fmt) * (planar ? 1 : channels());
    std::array<void*, 2> planes{};
    for (int c = 0; c < (planar ? channels() : 1); ++c) {
      planes[static_cast<size_t>(c)] = frame.extended_data[c] + static_cast<ptrdiff_t>(skip) * step;
    }
    av_check(av_audio_fifo_write(fifo_.get(), planes.data(), keep), "av_audio_fifo_write");
  }

  AudioInput input_;
  PacketDecoder decoder_;
  UniqueCodec encoder_;
  UniqueSwr resampler_;
  UniqueFifo fifo_;
  std::optional<JoinedClock> clock_;  // in samples
  UniquePacket packet_ = make_packet();
  UniqueFrame decoded_ = make_frame();
  int rate_ = 0, format_ = -1, in_channels_ = 0;  // what resampler_ was made for
  int64_t written_ = 0;                           // see Note [Sample clock]
  int64_t encoded_ = 0;                           // number of the next sample for the encoder
  int64_t end_sample_ = INT64_MAX / 2;            // far away, yet safe to subtract from
  bool started_ = false;
  bool input_ended_ = false;
};

}  // namespace

std::unique_ptr<AudioTrack> transcode_audio(AudioInput input, const AVCodec& encoder, bool global_header) {
  return std::make_unique<AudioTranscoder>(std::move(input), encoder, global_header);
}

}  // namespace animate::media
