#include "media/output_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <string_view>

#include "base/error.h"
#include "base/file_suffix.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

struct Container {
  std::string_view suffix;
  const char* muxer;    // null: pictures
  const char* encoder;  // by default
};
constexpr std::array<Container, 9> kContainers = {{{".mp4", "mp4", "libx264"},
                                                   {".mov", "mov", "libx264"},
                                                   {".mkv", "matroska", "libx264"},
                                                   {".webm", "webm", "libvpx-vp9"},
                                                   {".gif", "gif", "gif"},
                                                   {".png", nullptr, nullptr},
                                                   {".jpg", nullptr, nullptr},
                                                   {".m4v", "mp4", "libx264"},
                                                   {".jpeg", nullptr, nullptr}}};
constexpr size_t kListed = 7;  // the rest are other spellings

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const AVCodec* find_encoder(const std::string& name) {
  if (const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str())) return codec;
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(name.c_str());
  return descriptor == nullptr ? nullptr : avcodec_find_encoder(descriptor->id);
}

AVPixelFormat choose_pixel_format(const fs::path& path, const AVCodec& encoder, const std::string& wanted) {
  const auto accepted = pixel_formats(encoder);
  const auto accepts = [&](AVPixelFormat format) {
    return accepted.empty() || std::find(accepted.begin(), accepted.end(), format) != accepted.end();
  };
  if (!wanted.empty()) {
    const AVPixelFormat format = av_get_pix_fmt(wanted.c_str());
    check(format != AV_PIX_FMT_NONE, ErrorKind::Usage, "{}: there is no pixel format {}; give one such as yuv420p",
          show(path), wanted);
    check(accepts(format) && sws_isSupportedOutput(format) > 0, ErrorKind::Usage,
          "{}: {} cannot encode the pixel format {}; give one such as yuv420p", show(path), encoder.name, wanted);
    return format;
  }
  if (accepts(AV_PIX_FMT_YUV420P)) return AV_PIX_FMT_YUV420P;
  for (const AVPixelFormat format : accepted) {
    if (sws_isSupportedOutput(format) > 0) return format;
  }
  fail(ErrorKind::Usage, "{}: {} encodes no pixel format that can be made here; choose another codec", show(path),
       encoder.name);
}

// x264 and x265 complain about unknown presets on stderr by themselves, so that is settled before they see one.
void check_preset(const fs::path& path, const std::string& encoder, const std::string& preset) {
  static constexpr std::array<std::string_view, 10> presets = {
      "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"};
  if (preset.empty() || (encoder != "libx264" && encoder != "libx265")) return;
  check(std::find(presets.begin(), presets.end(), preset) != presets.end(), ErrorKind::Usage,
        "{}: {} has no preset {}; give one of {}", show(path), encoder, preset, fmt::join(presets, ", "));
}

}  // namespace

std::vector<std::string> supported_output_suffixes() {
  std::vector<std::string> suffixes;
  for (size_t i = 0; i < kListed; ++i) suffixes.emplace_back(kContainers[i].suffix);
  return suffixes;
}

OutputPlan plan_output(const fs::path& path, const VideoWriterOptions& options) {
  install_log_hook();
  const std::string suffix = lower_suffix(path);
  const auto* found = std::find_if(kContainers.begin(), kContainers.end(),
                                   [&](const Container& container) { return container.suffix == suffix; });
  check(found != kContainers.end(), ErrorKind::Usage,
        "{}: {} is not a kind of file that can be written; end the name in {}", show(path),
        suffix.empty() ? "a name without suffix" : show(suffix), fmt::join(supported_output_suffixes(), ", "));
  OutputPlan plan;
  if (found->muxer == nullptr) {
    check(options.codec.empty(), ErrorKind::Usage, "{}: pictures have no codec to choose; leave it out", show(path));
    plan.pictures = true;
    plan.pattern = NumberPattern::parse(path.filename().string());
    return plan;
  }
  const bool gif = suffix == ".gif";
  const std::string name = options.codec.empty() ? found->encoder : options.codec;
  plan.container = av_guess_format(found->muxer, nullptr, nullptr);
  plan.encoder = find_encoder(name);
  check(plan.container != nullptr, ErrorKind::Usage, "{}: this FFmpeg cannot write {} files; choose another suffix",
        show(path), suffix);
  check(plan.encoder != nullptr && plan.encoder->type == AVMEDIA_TYPE_VIDEO, ErrorKind::Usage,
        "{}: this FFmpeg has no video encoder named {}; try {}", show(path), name, found->encoder);
  check(avformat_query_codec(plan.container, plan.encoder->id, FF_COMPLIANCE_NORMAL) == 1, ErrorKind::Usage,
        "{}: a {} file cannot hold {} video; choose another codec or suffix", show(path), suffix, name);
  check(!gif || options.pix_fmt.empty(), ErrorKind::Usage, "{}: a GIF has no pixel format to choose; leave it out",
        show(path));
  plan.pixel_format = gif ? AV_PIX_FMT_RGB24 : choose_pixel_format(path, *plan.encoder, options.pix_fmt);
  check_preset(path, plan.encoder->name, options.preset);
  const bool h26x = plan.encoder->id == AV_CODEC_ID_H264 || plan.encoder->id == AV_CODEC_ID_HEVC;
  const int worst = h26x ? 51 : 63;
  check(options.crf >= 0 && options.crf <= worst, ErrorKind::Usage,
        "{}: a quality (CRF) of {} is outside the range of {}; give 0 (best) to {}", show(path), options.crf, name,
        worst);
  return plan;
}

void check_output_name(const fs::path& path, const VideoWriterOptions& options) { plan_output(path, options); }

bool can_copy_audio(const AVOutputFormat& container, AVCodecID codec) {
  const std::string_view name = container.name;
  if (name == "gif") return false;
  // FFmpeg would put more into MP4 (Vorbis, Opus, FLAC), but players of that world stay silent on it.
  if (one_of(name, {"mp4", "mov"})) {
    switch (codec) {
      case AV_CODEC_ID_AAC:
      case AV_CODEC_ID_MP3:
      case AV_CODEC_ID_AC3:
      case AV_CODEC_ID_EAC3:
      case AV_CODEC_ID_ALAC: return true;
      default: return name == "mov" && codec == AV_CODEC_ID_PCM_S16LE;
    }
  }
  return avformat_query_codec(&container, codec, FF_COMPLIANCE_NORMAL) == 1;
}

const AVCodec* audio_encoder(const AVOutputFormat& container) {
  const std::string_view name = container.name;
  if (name == "gif") return nullptr;
  if (name != "webm") return avcodec_find_encoder(AV_CODEC_ID_AAC);
  for (const char* encoder : {"libopus", "libvorbis"}) {
    if (const AVCodec* codec = avcodec_find_encoder_by_name(encoder)) return codec;
  }
  return nullptr;
}

}  // namespace animate::media
