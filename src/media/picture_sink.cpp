#include "media/picture_sink.h"

#include <utility>

#include "base/error.h"

namespace animate::media {

namespace fs = std::filesystem;

PictureSink::PictureSink(const fs::path& target, int width, int height, std::optional<NumberPattern> pattern,
                         bool with_sound, const Metadata& metadata)
    : target_(target),
      pattern_(std::move(pattern)),
      folder_(target, TempFile::Kind::Folder),
      encoder_(target, width, height, metadata) {
  std::error_code ec;
  check(!fs::is_directory(target_, ec), ErrorKind::Input, "{}: is a folder; give a file name for the output",
        show(target_));
  if (with_sound) warnings_.push_back(sound_left_out(target_));
}

fs::path PictureSink::name(int64_t number) const {
  return pattern_ ? fs::path(pattern_->name(number)) : target_.filename();
}

void PictureSink::write(const Frame& frame) {
  if (!pattern_ && count_ == 1) {
    fail(ErrorKind::Usage, "{}: one picture cannot hold a clip; write to {}-%05d{} for a picture a frame",
         show(target_), show(target_.parent_path() / target_.stem()), target_.extension().string());
  }
  ++count_;
  encoder_.write(folder_.path() / name(count_), frame.image);
}

void PictureSink::finish() {
  const fs::path parent = target_.parent_path();
  for (int64_t number = 1; number <= count_; ++number) {
    std::error_code ec;
    fs::rename(folder_.path() / name(number), parent / name(number), ec);
    if (!ec) continue;
    for (int64_t moved = 1; moved < number; ++moved) {
      std::error_code ignored;
      fs::remove(parent / name(moved), ignored);
    }
    fail(ErrorKind::Input, "{}: cannot be put in place ({}); choose another output", show(parent / name(number)),
         ec.message());
  }
  std::error_code ec;
  if (pattern_ && fs::exists(parent / name(count_ + 1), ec)) {
    warnings_.push_back(fmt::format("{}: is left from an earlier run and does not belong to this one",
                                    show(parent / name(count_ + 1))));
  }
}

}  // namespace animate::media
