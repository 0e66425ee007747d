#include "media/demuxer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/file_kind.h"
#include "media/picture_kind.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_playlist(const fs::path& path) {
  fail(ErrorKind::Input,
       "{}: is a playlist of other files, which are not opened for safety; give the video file itself", show(path));
}

// Pictures that not every FFmpeg knows; phones write them in containers that look like MP4. Empty for anything else.
std::string_view picture_name(const fs::path& path) {
  switch (picture_kind_of(path)) {
    case PictureKind::Heic:
    case PictureKind::Avif: return "HEIF";
    case PictureKind::JpegXl: return "JPEG XL";
    case PictureKind::Jpeg: return "JPEG";
    default: return {};
  }
}

[[noreturn]] void fail_unknown(const fs::path& path, Demuxer::Wanted wanted) {
  const std::string_view picture = picture_name(path);
  check(picture.empty(), ErrorKind::Input,
        "{}: is a {} picture, which this FFmpeg cannot read; convert it to JPEG or PNG", show(path), picture);
  std::array<char, 8> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  // A phone's clip has its index at the end: without it not one frame can be found.
  check(std::string_view(head.data(), head.size()).substr(4) != "ftyp", ErrorKind::Input,
        "{}: the file ends early, its index is missing; download or copy it again", show(path));
  if (wanted == Demuxer::Wanted::Picture) {
    fail(ErrorKind::Input, "{}: is not a picture; give {}", show(path), Demuxer::kPictureFiles);
  }
  if (wanted == Demuxer::Wanted::Sound) {
    fail(ErrorKind::Input, "{}: is not sound that FFmpeg can read; give {}", show(path), Demuxer::kSoundFiles);
  }
  fail(ErrorKind::Input,
       "{}: is not a video or picture that FFmpeg can read; give an MP4, MOV, MKV, WebM, GIF, JPEG or PNG file",
       show(path));
}

// Formats that are lists of other files, or devices: an untrusted input must not reach either.
bool opens_other_files(const AVInputFormat& format) {
  static constexpr std::array<std::string_view, 9> refused_formats = {
      "concat", "hls", "dash", "imf", "sdp", "rtsp", "image2", "tty", "webm_dash_manifest"};
  const std::string_view name = format.name;
  return (format.flags & AVFMT_NOFILE) != 0 ||
         std::any_of(refused_formats.begin(), refused_formats.end(), [&](std::string_view refused) {
           return name == refused || name.starts_with(std::string(refused) + ",");
         });
}

int refuse_nested_file(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EACCES); }

}  // namespace

Demuxer::Demuxer(const fs::path& path, Depth depth, Wanted wanted) : path_(path) {
  install_log_hook();
  require_file(path, wanted == Wanted::Sound     ? "a file with sound"
                     : wanted == Wanted::Picture ? "a picture"
                                                 : "a video or a picture");
  refuse_failed_download(path);
  // By its own first words, because which lists FFmpeg's probe knows, and under which names, differs between versions.
  if (file_kind_of(path) == FileKind::Playlist) fail_playlist(path);

  Dictionary io_options;
  io_options.set("protocol_whitelist", "file");
  AVIOContext* io = nullptr;
  const int opened = avio_open2(&io, file_url(path).c_str(), AVIO_FLAG_READ, nullptr, io_options.get());
  check(opened >= 0, ErrorKind::Input, "{}: cannot be read ({}); check the file", show(path), av_text(opened));
  io_.reset(io);

  const AVInputFormat* format = nullptr;
  if (av_probe_input_buffer2(io, &format, "", nullptr, 0, 0) < 0 || format == nullptr) fail_unknown(path, wanted);
  if (opens_other_files(*format)) fail_playlist(path);

  AVFormatContext* context = non_null(avformat_alloc_context());
  context->pb = io;
  context->io_open = refuse_nested_file;
  // FFmpeg takes a step back by more than a minute for a clock that ran over, and adds a day. It is a join here, too.
  context->correct_ts_overflow = 0;
  Dictionary options;
  options.set("protocol_whitelist", "file");
  // On failure avformat_open_input frees the context itself.
  if (avformat_open_input(&context, file_url(path).c_str(), format, options.get()) < 0) fail_unknown(path, wanted);
  context_.reset(context);
  if (depth == Depth::Streams && avformat_find_stream_info(context, nullptr) < 0) fail_unknown(path, wanted);
}

std::vector<AVStream*> Demuxer::video_streams() const {
  std::vector<AVStream*> streams;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* stream = context_->streams[i];
    const bool cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !cover) streams.push_back(stream);
  }
  return streams;
}

void Demuxer::use_only(const AVStream& stream) {
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    context_->streams[i]->discard = context_->streams[i] == &stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
}

bool Demuxer::seek(const AVStream& stream, int64_t timestamp) {
  return av_seek_frame(context_.get(), stream.index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
}

}  // namespace animate::media
