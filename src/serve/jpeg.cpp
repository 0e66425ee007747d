#include "serve/jpeg.h"

#include <turbojpeg.h>

#include <memory>

#include "base/error.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

struct Closer {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Closer>;

// Making one takes longer than a small picture.
void* encoder() {
  thread_local const Handle handle(tjInitCompress());
  return handle.get();
}

void* decoder() {
  thread_local const Handle handle(tjInitDecompress());
  return handle.get();
}

}  // namespace

std::string encode_jpeg(const Image& picture, int quality) {
  const int sampling = quality >= 90 ? TJSAMP_444 : TJSAMP_420;
  const unsigned long most = tjBufSize(picture.width(), picture.height(), sampling);
  std::string bytes(most, '\0');
  auto* buffer = reinterpret_cast<unsigned char*>(bytes.data());
  unsigned long size = most;
  const int failed =
      tjCompress2(encoder(), picture.data(), picture.width(), static_cast<int>(picture.stride()), picture.height(),
                  TJPF_RGB, &buffer, &size, sampling, quality, TJFLAG_NOREALLOC | TJFLAG_FASTDCT);
  check(failed == 0, ErrorKind::Internal, "a picture cannot be written as JPEG ({})", tjGetErrorStr2(encoder()));
  bytes.resize(size);
  return bytes;
}

Image decode_jpeg(std::string_view bytes, int longest) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (tjDecompressHeader3(decoder(), data, bytes.size(), &width, &height, &sampling, &colours) != 0 || width <= 0 ||
      height <= 0) {
    throw Refusal(415, "the frame is no JPEG picture; send one");
  }
  if (width > longest || height > longest) {
    throw Refusal(413, fmt::format("the frame has {}x{} pixels; send at most {} on a side", width, height, longest));
  }
  Image picture(width, height);
  const int failed = tjDecompress2(decoder(), data, bytes.size(), picture.data(), width,
                                   static_cast<int>(picture.stride()), height, TJPF_RGB, TJFLAG_FASTDCT);
  if (failed != 0 && tjGetErrorCode(decoder()) == TJERR_FATAL) {
    throw Refusal(415, "the frame is a damaged JPEG picture; send it again");
  }
  return picture;
}

}  // namespace animate::serve
