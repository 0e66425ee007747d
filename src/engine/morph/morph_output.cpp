#include "engine/morph/morph_output.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "engine/sound_choice.h"
#include "engine/summary.h"
#include "media/image_io.h"
#include "pictures/resize_image.h"

namespace animate::engine {
namespace {

constexpr size_t kSheetPictures = 64;
constexpr int kSheetColumns = 8;
constexpr int kSheetSide = 64;
constexpr int kSheetGap = 2;

// Evenly spread, first and last among them.
std::vector<size_t> frames_of_sheet(size_t frames) {
  const size_t count = std::min(frames, kSheetPictures);
  std::vector<size_t> shown;
  for (size_t i = 0; i < count; ++i) shown.push_back(count == 1 ? 0 : i * (frames - 1) / (count - 1));
  return shown;
}

Image shrunk(const Image& picture) {
  const double scale = static_cast<double>(kSheetSide) / std::min(picture.width(), picture.height());
  return pictures::resize_image(picture, static_cast<int>(std::lround(picture.width() * scale)),
                                static_cast<int>(std::lround(picture.height() * scale)));
}

}  // namespace

Image morph_sheet(const std::vector<Image>& pictures) {
  check(!pictures.empty(), ErrorKind::Internal, "a sheet without pictures");
  const int width = pictures.front().width();
  const int height = pictures.front().height();
  const int count = static_cast<int>(pictures.size());
  const int columns = std::min(count, kSheetColumns);
  const int rows = (count + columns - 1) / columns;
  Image sheet(columns * (width + kSheetGap) + kSheetGap, rows * (height + kSheetGap) + kSheetGap);
  std::fill_n(sheet.data(), sheet.size_bytes(), uint8_t{0});
  for (int i = 0; i < count; ++i) {
    const Image& picture = pictures[static_cast<size_t>(i)];
    const int x = kSheetGap + (i % columns) * (width + kSheetGap);
    const int y = kSheetGap + (i / columns) * (height + kSheetGap);
    for (int row = 0; row < height; ++row) {
      std::memcpy(sheet.row(y + row) + static_cast<size_t>(x) * 3, picture.row(row), picture.stride());
    }
  }
  return sheet;
}

MorphOutput::MorphOutput(const CheckedJob& job, const MorphPlan& plan, Sheet sheet)
    : job_(job),
      clip_(job.output, job.options.output, plan.timing, std::nullopt,
            sound_without_driver(job.options.output.audio, job.source)) {
  if (!job.options.morph.grid.empty() && sheet == Sheet::OfFrames) shown_ = frames_of_sheet(plan.steps.size());
  tell_short_sound(job.options.output.audio, plan.seconds(), warnings_);
}

void MorphOutput::write(const Image& image, size_t index) {
  if (sheet_.size() < shown_.size() && shown_[sheet_.size()] == index) sheet_.push_back(shrunk(image));
  clip_.write(image, static_cast<int64_t>(index), 1);
}

void MorphOutput::finish(AnimateSummary& summary) {
  append(summary.warnings, warnings_);
  summary.output = job_.output;
  finish_output(clip_, summary, job_.options.output);
  if (!sheet_.empty()) media::save_image(job_.options.morph.grid, morph_sheet(sheet_));
}

}  // namespace animate::engine
