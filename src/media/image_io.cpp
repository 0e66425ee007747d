#include "media/image_io.h"

#include <cctype>
#include <fstream>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/temp_file.h"
#include "media/color_converter.h"
#include "media/demuxer.h"
#include "media/orientation.h"
#include "media/packet_decoder.h"
#include "media/picture_encoder.h"
#include "media/picture_header.h"
#include "media/stream_clip.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_damaged(const fs::path& path) {
  fail(ErrorKind::Input, "{}: the picture is damaged or ends early; copy or download it again", show(path));
}

std::vector<std::byte> read_file(const fs::path& path) {
  constexpr uintmax_t limit = 1U << 30U;
  const uintmax_t size = fs::file_size(path);
  check(size <= limit, ErrorKind::Input, "{}: is a picture file of {} bytes; give one of at most {}", show(path), size,
        limit);
  std::vector<std::byte> bytes(size + AV_INPUT_BUFFER_PADDING_SIZE);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  check(static_cast<uintmax_t>(file.gcount()) == size, ErrorKind::Input,
        "{}: cannot be read to its end; check the disk", show(path));
  return bytes;
}

struct SizeGuard {
  const ImageOptions* options;
  int refused_width = 0;
  int refused_height = 0;
};

bool too_large(int64_t width, int64_t height, const ImageOptions& options) {
  return width > options.max_side || height > options.max_side || width * height > options.max_pixels;
}

// Every decoder asks for its buffer after the header and before the pixels.
int guarded_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
  auto& guard = *static_cast<SizeGuard*>(context->opaque);
  if (too_large(frame->width, frame->height, *guard.options)) {
    guard.refused_width = frame->width;
    guard.refused_height = frame->height;
    return AVERROR(EINVAL);
  }
  return avcodec_default_get_buffer2(context, frame, flags);
}

std::optional<std::array<uint8_t, 3>> background_of(const ImageOptions& options) {
  if (options.opaque) return std::nullopt;
  return options.background;
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

  const UniquePacket packet = make_packet();
  packet->data = reinterpret_cast<uint8_t*>(bytes.data());
  packet->size = static_cast<int>(bytes.size() - AV_INPUT_BUFFER_PADDING_SIZE);
  packet->flags = AV_PKT_FLAG_KEY;
  UniqueFrame frame = make_frame();
  int code = avcodec_send_packet(context.get(), packet.get());
  if (code >= 0) {
    avcodec_send_packet(context.get(), nullptr);
    code = avcodec_receive_frame(context.get(), frame.get());
  }
  if (guard.refused_width > 0) check_picture_size(path, guard.refused_width, guard.refused_height, options);
  if (code < 0) fail_damaged(path);
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

void check_picture_size(const fs::path& path, int64_t width, int64_t height, const ImageOptions& options) {
  check(!too_large(width, height, options), ErrorKind::Input,
        "{}: is {}x{} pixels, more than the {} a side or {} in all that are accepted; scale it down first", show(path),
        width, height, options.max_side, options.max_pixels);
}

Image load_image(const fs::path& path, const ImageOptions& options) {
  Demuxer demuxer(path, Demuxer::Depth::Header);
  if (demuxer.format_name() == "gif" || demuxer.format_name() == "apng") {
    return first_frame_of_animation(path, demuxer, options);
  }
  check(demuxer.is_picture() && demuxer.context().nb_streams == 1, ErrorKind::Input,
        "{}: is not a picture; give a JPEG, PNG, WebP, BMP or TIFF file", show(path));
  std::vector<std::byte> bytes = read_file(path);
  const PictureHeader header = read_picture_header(bytes);
  check_picture_size(path, header.width, header.height, options);
  const AVCodecID id = demuxer.context().streams[0]->codecpar->codec_id;
  const UniqueFrame frame = decode_still(path, id, bytes, options);
  ColorConverter converter(ColorConverter::Source::Still, background_of(options));
  const Image stored = converter.to_image(*frame, frame->width, frame->height);
  return turn_upright(stored, Orientation::from_exif(header.orientation));
}

void save_image(const fs::path& path, const Image& image, const Metadata& metadata) {
  PictureEncoder encoder(path, image.width(), image.height(), metadata);
  TempFile file(path);
  encoder.write(file.path(), image);
  file.commit();
}

PictureFacts picture_facts(const fs::path& path) {
  const Demuxer demuxer(path, Demuxer::Depth::Header);
  const std::vector<std::byte> bytes = read_file(path);
  const PictureHeader header = read_picture_header(bytes);
  check_picture_size(path, header.width, header.height);
  PictureFacts facts;
  facts.width = static_cast<int>(header.width);
  facts.height = static_cast<int>(header.height);
  facts.rotation_degrees = Orientation::from_exif(header.orientation).degrees();
  if (demuxer.context().nb_streams > 0) {
    const AVCodecParameters& parameters = *demuxer.context().streams[0]->codecpar;
    facts.codec = avcodec_get_name(parameters.codec_id);
    const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters.format));
    facts.pixel_format = format == nullptr ? "" : format;
  }
  return facts;
}

}  // namespace animate::media
