#include "dataset/clip_files.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/log.h"
#include "media/image_io.h"
#include "media/picture_clip.h"
#include "media/video_reader.h"

namespace animate::dataset {
namespace {

namespace fs = std::filesystem;

enum class Form { Folder, Strip, Video };

Form form_of(const fs::path& clip) {
  std::error_code ec;
  if (fs::is_directory(clip, ec)) return Form::Folder;
  const std::string suffix = lower_suffix(clip);
  return suffix == ".png" || suffix == ".jpg" ? Form::Strip : Form::Video;
}

Image load_frame(const fs::path& path) {
  media::ImageOptions options;
  options.opaque = true;
  return media::load_image(path, options);
}

// Holds every frame to the wanted size, or to the first one's.
class SizeRule {
 public:
  explicit SizeRule(const FrameSize& wanted) : wanted_(wanted), given_(wanted.width > 0) {}

  void require(const Image& frame, const fs::path& file) {
    if (wanted_.width == 0) wanted_ = {frame.width(), frame.height()};
    if (frame.width() == wanted_.width && frame.height() == wanted_.height) return;
    throw WrongFrameSize(
        fmt::format("{}: is {}x{} pixels, {} {}x{}; scale or crop it to that size{}", show(file), frame.width(),
                    frame.height(), given_ ? "the data set's frames are" : "its clip's first frame is", wanted_.width,
                    wanted_.height, given_ ? ", or correct 'dataset_params.frame_shape' of the config" : ""));
  }

 private:
  FrameSize wanted_;
  bool given_;
};

// Frames of a strip of this size; throws WrongFrameSize when they do not fill it.
int64_t frames_of_strip(const fs::path& strip, int64_t width, int64_t height, const FrameSize& size) {
  if (size.width == 0) return 1;
  if (height == size.height && width % size.width == 0) return width / size.width;
  throw WrongFrameSize(
      fmt::format("{}: is {}x{} pixels, which frames of {}x{} side by side do not fill; scale or crop it, or correct "
                  "'dataset_params.frame_shape' of the config",
                  show(strip), width, height, size.width, size.height));
}

Image part_of_strip(const Image& strip, int64_t position, const FrameSize& size) {
  if (size.width == 0) return strip;
  Image frame(static_cast<int>(size.width), static_cast<int>(size.height));
  for (int y = 0; y < frame.height(); ++y) {
    std::memcpy(frame.row(y), strip.row(y) + static_cast<size_t>(position) * frame.stride(), frame.stride());
  }
  return frame;
}

void put(const Image& image, std::span<float> frame) {
  // The original's img_as_float32: a product, not a quotient.
  std::transform(image.data(), image.data() + image.size_bytes(), frame.begin(),
                 [](uint8_t value) { return static_cast<float>(value) * (1.0F / 255.0F); });
}

// Visits the frames of these ascending positions, as far as there are any; all of them where `positions` is null.
void visit_some(const fs::path& clip, const FrameSize& size, const std::span<const int64_t>* positions,
                const std::function<bool(const Image&)>& visit) {
  SizeRule rule(size);
  const auto visit_counted = [&](int64_t count, const auto& load) {
    const auto wanted = static_cast<int64_t>(positions == nullptr ? static_cast<size_t>(count) : positions->size());
    for (int64_t i = 0; i < wanted; ++i) {
      const int64_t position = positions == nullptr ? i : (*positions)[static_cast<size_t>(i)];
      if (position >= count || !visit(load(position))) return;
    }
  };
  switch (form_of(clip)) {
    case Form::Folder: {
      const auto files = media::pictures_in_folder(clip);
      visit_counted(static_cast<int64_t>(files.size()), [&](int64_t position) {
        const fs::path& file = files[static_cast<size_t>(position)];
        Image frame = load_frame(file);
        rule.require(frame, file);
        return frame;
      });
      break;
    }
    case Form::Strip: {
      const Image strip = load_frame(clip);
      visit_counted(frames_of_strip(clip, strip.width(), strip.height(), size),
                    [&](int64_t position) { return part_of_strip(strip, position, size); });
      break;
    }
    case Form::Video: {
      media::VideoReader reader(clip);
      size_t next = 0;
      for (int64_t position = 0; positions == nullptr || next < positions->size(); ++position) {
        const auto frame = reader.next();
        if (!frame) break;
        rule.require(frame->image, clip);
        if (positions == nullptr && !visit(frame->image)) return;
        for (; positions != nullptr && next < positions->size() && (*positions)[next] == position; ++next) {
          if (!visit(frame->image)) return;
        }
      }
      break;
    }
  }
}

}  // namespace

void visit_frames(const fs::path& clip, const FrameSize& size, const std::function<bool(const Image&)>& visit) {
  visit_some(clip, size, nullptr, visit);
}

Frames read_clip(const fs::path& clip, int64_t frame_width, int64_t frame_height) {
  constexpr size_t most = size_t{1} << 30U;
  Frames frames;
  visit_frames(clip, {frame_width, frame_height}, [&](const Image& image) {
    frames.width = image.width();
    frames.height = image.height();
    check(
        frames.values.size() + frames.frame_size() <= most, ErrorKind::Input,
        "{}: has more than {} frames of {}x{} pixels, which is too much to be read at once; cut it into shorter clips",
        show(clip), frames.count, image.width(), image.height());
    frames.values.resize(frames.values.size() + frames.frame_size());
    put(image, frames.frame(frames.count++));
    return true;
  });
  return frames;
}

int64_t count_frames(const fs::path& clip, const FrameSize& size) {
  switch (form_of(clip)) {
    case Form::Folder: return static_cast<int64_t>(media::pictures_in_folder(clip).size());
    case Form::Strip: {
      const media::PictureFacts facts = media::picture_facts(clip);
      return frames_of_strip(clip, facts.width, facts.height, size);
    }
    case Form::Video: break;
  }
  media::VideoReader reader(clip);
  while (reader.next()) {
  }
  for (const std::string& warning : reader.warnings()) log::warn("{}", warning);
  return reader.frames_read();
}

Frames read_frames(const fs::path& clip, std::span<const int64_t> positions, const FrameSize& size) {
  check(std::is_sorted(positions.begin(), positions.end()) && (positions.empty() || positions.front() >= 0),
        ErrorKind::Internal, "frames of {} are asked for out of order", show(clip));
  Frames frames;
  int64_t found = 0;
  visit_some(clip, size, &positions, [&](const Image& image) {
    if (found == 0) frames = Frames(static_cast<int64_t>(positions.size()), image.height(), image.width(), 3);
    put(image, frames.frame(found++));
    return true;
  });
  check(found == static_cast<int64_t>(positions.size()), ErrorKind::Input,
        "{}: has no frame {} (counted from 0); has the clip been changed meanwhile?", show(clip),
        positions.empty() ? 0 : positions[static_cast<size_t>(found)]);
  return frames;
}

}  // namespace animate::dataset
