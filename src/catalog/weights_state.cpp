#include "catalog/weights_state.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/file_kind.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

std::string counted(size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

size_t WeightsState::count(FileState state) const {
  return static_cast<size_t>(
      std::count_if(files.begin(), files.end(), [state](const FoundFile& file) { return file.state == state; }));
}

bool WeightsState::unusable() const {
  return std::any_of(files.begin(), files.end(), [](const FoundFile& file) {
    return file.published->needed && file.state != FileState::Right && file.state != FileState::OtherSize;
  });
}

std::string WeightsState::sentence() const {
  if (complete()) return "complete";
  std::vector<std::string> parts;
  if (const size_t n = count(FileState::Missing); n > 0)
    parts.push_back(fmt::format("missing {} of {} files", n, files.size()));
  if (const size_t n = count(FileState::LfsPointer); n > 0) parts.push_back(counted(n, "LFS pointer", "LFS pointers"));
  if (const size_t n = count(FileState::WebPage); n > 0) {
    parts.push_back("damaged: " + counted(n, "empty file or web page", "empty files or web pages"));
  }
  if (const size_t n = count(FileState::OtherSize); n > 0) {
    parts.push_back("damaged or not the published: " + counted(n, "file of another size", "files of other sizes"));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

fs::path locate(const PublishedFile& file, const fs::path& folder) {
  const fs::path whole = file.path;
  // "liveportrait/base_models/x.pth" -> "base_models/x.pth"
  fs::path inner;
  for (auto part = std::next(whole.begin()); part != whole.end(); ++part) inner /= *part;
  std::vector<fs::path> places{folder / whole, folder / "pretrained_weights" / whole};
  if (!inner.empty()) {
    places.push_back(folder / inner);
    // The face networks lie beside the folder that holds base_models.
    std::error_code ec;
    if (fs::is_directory(folder / "base_models", ec)) places.push_back(fs::absolute(folder, ec).parent_path() / whole);
  }
  std::error_code ec;
  const auto found = std::find_if(places.begin(), places.end(),
                                  [&ec](const fs::path& place) { return fs::is_regular_file(place, ec); });
  return found == places.end() ? fs::path() : *found;
}

FoundFile look_at(const PublishedFile& file, const fs::path& path) {
  FoundFile found{&file, path, FileState::Missing, 0};
  std::error_code ec;
  if (path.empty() || !fs::is_regular_file(path, ec)) return found;
  found.bytes = static_cast<int64_t>(fs::file_size(path, ec));
  if (file.fits(found.bytes)) {
    found.state = FileState::Right;
    return found;
  }
  switch (file_kind_of(path)) {
    case FileKind::LfsPointer: found.state = FileState::LfsPointer; break;
    case FileKind::Html:
    case FileKind::Empty: found.state = FileState::WebPage; break;
    default: found.state = FileState::OtherSize; break;
  }
  return found;
}

WeightsState look_at(const PublishedModel& model, const fs::path& folder) {
  WeightsState state;
  for (const PublishedFile& file : model.files) {
    FoundFile found = look_at(file, locate(file, folder));
    // What has to be asked for is not missing where nobody asked.
    if (file.only_with.empty() || found.state != FileState::Missing) state.files.push_back(std::move(found));
  }
  return state;
}

}  // namespace animate::catalog
