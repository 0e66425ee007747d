#include "media/image_io.h"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <cctype>
#include <fstream>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/temp_file.h"
#include "media/color_converter.h"
#include "media/color_profile.h"
#include "media/demuxer.h"
#include "media/orientation.h"
#include "media/packet_decoder.h"
#include "media/picture_bytes.h"
#include "media/picture_encoder.h"
#include "media/picture_essence.h"
#include "media/picture_header.h"
#include "media/picture_kind.h"
#include "media/read_file.h"
#include "media/still_readers.h"
#include "media/stream_clip.h"
#include "media/webp_animation.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_damaged(const fs::path& path) {
  fail(ErrorKind::Input, "{}: the picture is damaged or ends early; copy or download it again", show(path));
}

[[noreturn]] void fail_unreadable(const fs::path& path, const std::string& part) {
  fail(ErrorKind::Input, "{}: is a picture with {}, which is not read; convert it to PNG", show(path), part);
}

struct SizeGuard {
  const ImageOptions* options;
  int refused_width = 0;
  int refused_height = 0;
};

bool too_large(int64_t width, int64_t height, const ImageOptions& options) {
  return width > options.max_side || height > options.max_side || width * height > options.max_pixels;
}

// Marks a decoder's buffer before it is filled, to know afterwards what it left out: some decoders report success for
// what they cannot decode.
class LeftOutRows {
 public:
  static void mark(AVFrame& frame) {
    for_each_row(frame, [](uint8_t* row, int size, int y) {
      for (int x = 0; x < size; ++x) row[x] = sign(x, y);
    });
  }
  // Whether a row is still as mark() left it. No picture has 16 bytes in a row like that.
  static bool any(AVFrame& frame) {
    bool found = false;
    for_each_row(frame, [&found](const uint8_t* row, int size, int y) {
      bool same = size >= 16;
      for (int x = 0; same && x < size; ++x) same = row[x] == sign(x, y);
      found = found || same;
    });
    return found;
  }

 private:
  static uint8_t sign(int x, int y) {
    const uint32_t mixed = (static_cast<uint32_t>(x) * 2654435761U) ^ (static_cast<uint32_t>(y) * 2246822519U);
    return static_cast<uint8_t>(mixed >> 21U);
  }
  // Of the first plane: where that is, the others are.
  template <typename Visit>
  static void for_each_row(AVFrame& frame, Visit visit) {
    const int size = av_image_get_linesize(static_cast<AVPixelFormat>(frame.format), frame.width, 0);
    if (size <= 0 || frame.data[0] == nullptr) return;
    for (int y = 0; y < frame.height; ++y) {
      visit(frame.data[0] + static_cast<ptrdiff_t>(y) * frame.linesize[0], size, y);
    }
  }
};

// Every decoder asks for its buffer after the header and before the pixels.
int guarded_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
  auto& guard = *static_cast<SizeGuard*>(context->opaque);
  if (too_large(frame->width, frame->height, *guard.options)) {
    guard.refused_width = frame->width;
    guard.refused_height = frame->height;
    return AVERROR(EINVAL);
  }
  const int code = avcodec_default_get_buffer2(context, frame, flags);
  if (code >= 0) LeftOutRows::mark(*frame);
  return code;
}

std::optional<std::array<uint8_t, 3>> background_of(const ImageOptions& options) {
  if (options.opaque) return std::nullopt;
  return options.background;
}

// Tells what cannot be read from what is damaged.
[[noreturn]] void fail_undecoded(const fs::path& path, AVCodecID id, const std::vector<std::byte>& bytes, int code) {
  if (const std::string part = unreadable_part(bytes); !part.empty()) fail_unreadable(path, part);
  check(code != AVERROR_PATCHWELCOME && code != AVERROR(ENOSYS), ErrorKind::Input,
        "{}: is a {} picture of a kind that this FFmpeg cannot decode; convert it to PNG", show(path),
        avcodec_get_name(id));
  fail_damaged(path);
}

UniqueFrame decode_still(const fs::path& path, AVCodecID id, std::vector<std::byte>& bytes,
                         const ImageOptions& options) {
  const AVCodec* codec = avcodec_find_decoder(id);
  check(codec != nullptr, ErrorKind::Input, "{}: is a {} picture, which this FFmpeg cannot decode; convert it to PNG",
        show(path), avcodec_get_name(id));
  const UniqueCodec context(non_null(avcodec_alloc_context3(codec)));
  SizeGuard guard{&options};
  context->opaque = &guard;
  context->get_buffer2 = guarded_buffer;
  context->thread_count = 1;
  // A wrong checksum is an error here, not a gray patch in the result. (FFmpeg's TIFF reader calls harmless tags
  // errors.)
  context->err_recognition = AV_EF_CRCCHECK | (id == AV_CODEC_ID_TIFF ? 0 : AV_EF_EXPLODE);
  av_check(avcodec_open2(context.get(), codec, nullptr), "avcodec_open2");

  const size_t size = bytes.size();
  bytes.resize(size + AV_INPUT_BUFFER_PADDING_SIZE);
  const UniquePacket packet = make_packet();
  packet->data = reinterpret_cast<uint8_t*>(bytes.data());
  packet->size = static_cast<int>(size);
  packet->flags = AV_PKT_FLAG_KEY;
  UniqueFrame frame = make_frame();
  int code = avcodec_send_packet(context.get(), packet.get());
  if (code >= 0) {
    avcodec_send_packet(context.get(), nullptr);
    code = avcodec_receive_frame(context.get(), frame.get());
  }
  bytes.resize(size);
  if (guard.refused_width > 0) check_picture_size(path, guard.refused_width, guard.refused_height, options);
  if (code < 0 || LeftOutRows::any(*frame)) fail_undecoded(path, id, bytes, code);
  return frame;
}

Image first_frame_of_animation(const fs::path& path, Demuxer& demuxer, const ImageOptions& options) {
  AVStream& stream = require_video_stream(demuxer);
  check_picture_size(path, stream.codecpar->width, stream.codecpar->height, options);
  PacketDecoder decoder(stream, path);
  const UniquePacket packet = make_packet();
  const UniqueFrame frame = make_frame();
  for (;;) {
    const auto result = decoder.receive(*frame);
    if (result == PacketDecoder::Result::Frame) break;
    if (result == PacketDecoder::Result::End) fail_damaged(path);
    if (demuxer.read(*packet) < 0) {
      decoder.drain();
      continue;
    }
    decoder.send(*packet);
    av_packet_unref(packet.get());
  }
  return ColorConverter(ColorConverter::Source::Still, background_of(options))
      .to_image(*frame, frame->width, frame->height);
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& path) {
  constexpr uintmax_t limit = 1U << 30U;
  const uintmax_t size = fs::file_size(path);
  check(size <= limit, ErrorKind::Input, "{}: is a picture file of {} bytes; give one of at most {}", show(path), size,
        limit);
  std::vector<std::byte> bytes(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  check(static_cast<uintmax_t>(file.gcount()) == size, ErrorKind::Input,
        "{}: cannot be read to its end; check the disk", show(path));
  return bytes;
}

void check_picture_size(const fs::path& path, int64_t width, int64_t height, const ImageOptions& options) {
  check(!too_large(width, height, options), ErrorKind::Input,
        "{}: is {}x{} pixels, more than the {} a side or {} in all that are accepted; scale it down first", show(path),
        width, height, options.max_side, options.max_pixels);
}

namespace {

// By the library made for the kind; nullopt where FFmpeg is the one.
std::optional<Image> read_by_library(const fs::path& path, PictureKind kind, const ImageOptions& options) {
  const bool heif = kind == PictureKind::Heic || kind == PictureKind::Avif;
  if (!heif && kind != PictureKind::AnimatedWebP) return std::nullopt;
  if (heif) {
    const ReadStill read = read_heif(path, read_file(path), options);
    return to_srgb(read.image, read.profile, show(path));
  }
  const auto first = WebpAnimation(path, read_file(path), options).next();
  check(first.has_value(), ErrorKind::Input,
        "{}: the animated WebP is damaged or ends early; copy or download it again", show(path));
  return first->image;
}

// FFmpeg's probe misses JPEGs by what lies behind them, and Targa has no signature.
bool known_without_ffmpeg(PictureKind kind) { return kind == PictureKind::Jpeg || kind == PictureKind::Targa; }

AVCodecID codec_of(const Demuxer& demuxer) {
  check(demuxer.is_picture() && demuxer.context().nb_streams == 1, ErrorKind::Input, "{}: is not a picture; give {}",
        show(demuxer.path()), Demuxer::kPictureFiles);
  return demuxer.context().streams[0]->codecpar->codec_id;
}

}  // namespace

Image load_image(const fs::path& path, const ImageOptions& options) {
  require_file(path, "a picture");
  const PictureKind kind = picture_kind_of(path);
  if (auto read = read_by_library(path, kind, options)) return *std::move(read);
  // FFmpeg does not know some of these, and gives black for others.
  std::vector<std::byte> bytes;
  if (kind == PictureKind::Jpeg || kind == PictureKind::Tiff) {
    bytes = read_file(path);
    if (const std::string part = unreadable_part(bytes); !part.empty()) fail_unreadable(path, part);
  }
  AVCodecID id = kind == PictureKind::Targa ? AV_CODEC_ID_TARGA : AV_CODEC_ID_MJPEG;
  if (!known_without_ffmpeg(kind)) {
    Demuxer demuxer(path, Demuxer::Depth::Header, Demuxer::Wanted::Picture);
    if (demuxer.format_name() == "gif" || demuxer.format_name() == "apng") {
      return first_frame_of_animation(path, demuxer, options);
    }
    id = codec_of(demuxer);
  }
  if (bytes.empty()) bytes = read_file(path);
  const PictureHeader header = read_picture_header(bytes);
  check_picture_size(path, header.width, header.height, options);
  std::vector<std::byte> essence = picture_essence(bytes);
  const UniqueFrame frame = decode_still(path, id, essence, options);
  ColorConverter converter(ColorConverter::Source::Still, background_of(options));
  const Image stored = converter.to_image(*frame, frame->width, frame->height);
  return turn_upright(to_srgb(stored, stored_profile(bytes), show(path)), Orientation::from_exif(header.orientation));
}

void save_image(const fs::path& path, const Image& image, const Metadata& metadata) {
  PictureEncoder encoder(path, image.width(), image.height(), metadata);
  TempFile file(path);
  encoder.write(file.path(), image);
  file.commit();
}

PictureFacts picture_facts(const fs::path& path) {
  const PictureKind kind = picture_kind_of(path);
  if (kind == PictureKind::Heic || kind == PictureKind::Avif) {
    const StillSize size = heif_size(path, read_file(path));
    return {size.width, size.height, kind == PictureKind::Avif ? "av1" : "hevc", "", 0};
  }
  PictureFacts facts;
  if (known_without_ffmpeg(kind)) {
    facts.codec = kind == PictureKind::Jpeg ? "mjpeg" : "targa";
  } else {
    const Demuxer demuxer(path, Demuxer::Depth::Header);
    if (demuxer.context().nb_streams > 0) {
      const AVCodecParameters& parameters = *demuxer.context().streams[0]->codecpar;
      facts.codec = avcodec_get_name(parameters.codec_id);
      const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters.format));
      facts.pixel_format = format == nullptr ? "" : format;
    }
  }
  const std::vector<std::byte> bytes = read_file(path);
  PictureHeader header = read_picture_header(bytes);
  if (kind == PictureKind::Targa) {
    const PictureBytes little(bytes, false);
    header = {little.u16(12), little.u16(14), 1};
  }
  check_picture_size(path, header.width, header.height);
  facts.width = static_cast<int>(header.width);
  facts.height = static_cast<int>(header.height);
  facts.rotation_degrees = Orientation::from_exif(header.orientation).degrees();
  return facts;
}

}  // namespace animate::media
