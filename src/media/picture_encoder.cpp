#include "media/picture_encoder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/write_errors.h"
#include "media/output_format.h"
#include "media/picture_text.h"

namespace animate::media {
namespace {

// 0, or the errno of what failed; close() reports late errors of network disks.
int write_file(const std::filesystem::path& path, const uint8_t* data, size_t size) {
  const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) return errno;
  int error = 0;
  while (size > 0 && error == 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0) {
      if (errno != EINTR) error = errno;
      continue;
    }
    data += written;
    size -= static_cast<size_t>(written);
  }
  if (::close(fd) != 0 && error == 0) error = errno;
  return error;
}

}  // namespace

void fail_writing(const std::filesystem::path& target, int code) {
  if (is_full_disk(AVUNERROR(code))) fail_to_write(target, AVUNERROR(code));
  fail(ErrorKind::Input, "{}: could not be written ({}); choose another output", show(target), av_text(code));
}

PictureEncoder::PictureEncoder(std::filesystem::path target, int width, int height, Metadata metadata)
    : target_(std::move(target)), metadata_(std::move(metadata)) {
  install_log_hook();
  const std::string suffix = lower_suffix(target_);
  const bool png = suffix == ".png";
  png_ = png;
  check(png || suffix == ".jpg" || suffix == ".jpeg", ErrorKind::Usage,
        "{}: a picture is written as .png or .jpg; change the suffix", show(target_));
  const AVCodec* codec = avcodec_find_encoder(png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG);
  check(codec != nullptr, ErrorKind::Input, "{}: this FFmpeg cannot write {} pictures; choose another suffix",
        show(target_), suffix);
  context_.reset(non_null(avcodec_alloc_context3(codec)));
  context_->width = width;
  context_->height = height;
  context_->time_base = {1, 25};
  context_->thread_count = 1;
  // The "J" format: the JPEG encoder of FFmpeg 5 takes no other 4:4:4.
  context_->pix_fmt = png ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_YUVJ444P;
  context_->color_range = AVCOL_RANGE_JPEG;
  if (!png) {
    context_->flags |= AV_CODEC_FLAG_QSCALE;
    context_->global_quality = FF_QP2LAMBDA * 2;
  }
  Dictionary options;
  if (png) options.set("pred", "mixed");
  const int opened = avcodec_open2(context_.get(), codec, options.get());
  check(opened >= 0, ErrorKind::Input, "{}: a picture of {}x{} pixels cannot be written ({}); choose another size",
        show(target_), width, height, av_text(opened));
  packer_.emplace(width, height, context_->pix_fmt, png ? AVCOL_SPC_RGB : AVCOL_SPC_BT470BG, AVCOL_RANGE_JPEG);
}

void PictureEncoder::write(const std::filesystem::path& file, const Image& image) {
  const UniqueFrame frame = packer_->pack(image);
  frame->pts = next_pts_++;
  frame->quality = context_->global_quality;
  av_check(avcodec_send_frame(context_.get(), frame.get()), "avcodec_send_frame");
  av_check(avcodec_receive_packet(context_.get(), packet_.get()), "avcodec_receive_packet");
  const std::span<const uint8_t> coded(packet_->data, static_cast<size_t>(packet_->size));
  const auto bytes = png_ ? with_png_text(coded, metadata_) : with_jpeg_text(coded, metadata_);
  const int error = write_file(file, bytes.data(), bytes.size());
  av_packet_unref(packet_.get());
  if (error != 0) fail_writing(target_, AVERROR(error));
}

}  // namespace animate::media
