#include "media/picture_clip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/natural_order.h"
#include "media/image_io.h"
#include "media/number_pattern.h"
#include "media/resize.h"

namespace animate::media {
namespace {

namespace fs = std::filesystem;
constexpr Rational kRate{25, 1};

template <typename Visit>
void for_each_file(const fs::path& folder, Visit visit) {
  std::error_code ec;
  fs::directory_iterator it(folder.empty() ? fs::path(".") : folder, ec);
  check(!ec, ErrorKind::Input, "{}: the folder cannot be read ({}); check its permissions", show(folder), ec.message());
  for (const fs::directory_iterator end; it != end; it.increment(ec)) {
    if (ec) break;
    if (!it->is_directory(ec)) visit(folder / it->path().filename());
  }
}

}  // namespace

std::vector<fs::path> pictures_in_folder(const fs::path& folder, std::string* passed_over) {
  std::vector<fs::path> files;
  std::vector<fs::path> others;
  for_each_file(folder, [&](const fs::path& file) {
    if (file.filename().string().starts_with(".")) return;
    (has_picture_suffix(file) ? files : others).push_back(file);
  });
  check(!files.empty(), ErrorKind::Input, "{}: the folder holds no pictures; give one with PNG or JPEG files",
        show(folder));
  sort_by_name(files);
  if (passed_over != nullptr && !others.empty()) {
    sort_by_name(others);
    *passed_over = fmt::format("{}: passed over {} of {} files, by their names of other kinds: {}", show(folder),
                               others.size(), files.size() + others.size(), some_names(others));
  }
  return files;
}

std::vector<fs::path> pictures_of_pattern(const fs::path& pattern) {
  const auto parsed = NumberPattern::parse(pattern.filename().string());
  check(parsed.has_value(), ErrorKind::Internal, "{} is no pattern", show(pattern));
  std::error_code ec;
  const fs::path folder = pattern.parent_path();
  check(folder.empty() || fs::is_directory(folder, ec), ErrorKind::Input,
        "{}: the folder {} does not exist; check the path", show(pattern), show(folder));
  std::vector<std::pair<int64_t, fs::path>> numbered;
  for_each_file(folder, [&](const fs::path& file) {
    if (const auto number = parsed->number_of(file.filename().string())) numbered.emplace_back(*number, file);
  });
  check(!numbered.empty(), ErrorKind::Input, "{}: no file fits this pattern; check the path", show(pattern));
  std::sort(numbered.begin(), numbered.end());
  std::vector<fs::path> files;
  files.reserve(numbered.size());
  for (auto& [number, file] : numbered) files.push_back(std::move(file));
  return files;
}

PictureClip::PictureClip(const fs::path& name, std::vector<fs::path> files, const VideoReaderOptions& options,
                         const std::string& warning)
    : files_(std::move(files)), end_(files_.size()) {
  const Rational rate = options.picture_rate.value_or(kRate);
  const auto index_at = [&](double seconds) {
    const double index = std::ceil(seconds * rate.value() - 0.01);
    return static_cast<size_t>(std::clamp(index, 0.0, static_cast<double>(files_.size())));
  };
  if (options.start_seconds) begin_ = index_at(*options.start_seconds);
  if (options.end_seconds) end_ = index_at(*options.end_seconds);
  check(begin_ < end_, ErrorKind::Input, "{}: has no frame {}; choose a part inside the clip", show(name),
        trimmed_part(options));
  index_ = begin_;
  const PictureFacts facts = picture_facts(files_[begin_]);
  first_ = load_image(files_[begin_]);
  info_.width = first_->width();
  info_.height = first_->height();
  info_.frame_rate = rate;
  info_.time_base = {rate.den, rate.num};
  info_.frame_count_from_header = static_cast<int64_t>(files_.size());
  info_.duration_seconds = static_cast<double>(files_.size()) / rate.value();
  info_.first_frame_seconds = static_cast<double>(begin_) / rate.value();
  info_.container = files_.size() == 1 ? "picture" : "pictures";
  info_.codec = facts.codec;
  info_.pixel_format = facts.pixel_format;
  info_.rotation_degrees = facts.rotation_degrees;
  if (!warning.empty()) warnings_.push_back(warning);
  if (files_.size() > 1) {
    notes_.push_back(fmt::format("{}: {} pictures are read at {:.5g} a second{}", show(name), files_.size(),
                                 rate.value(),
                                 options.picture_rate ? "" : " (--driving-fps or --source-fps sets another rate)"));
  }
}

std::optional<Frame> PictureClip::next() {
  if (index_ >= end_) return std::nullopt;
  Image image = first_ ? *std::exchange(first_, std::nullopt) : load_image(files_[index_]);
  const Frame frame{resize(image, info_.width, info_.height), static_cast<int64_t>(index_ - begin_), 1};
  ++index_;
  return frame;
}

}  // namespace animate::media
