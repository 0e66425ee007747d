#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/log.h"
#include "dataset/clip_files.h"
#include "dataset/numpy_random.h"

namespace animate::dataset {
namespace {

namespace fs = std::filesystem;

bool is_clip(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) return true;
  const std::string suffix = lower_suffix(path);
  constexpr std::array<std::string_view, 5> known{".png", ".jpg", ".gif", ".mp4", ".mov"};
  return std::find(known.begin(), known.end(), suffix) != known.end();
}

std::vector<fs::path> clips_in(const fs::path& folder) {
  std::error_code ec;
  fs::directory_iterator it(folder, ec);
  check(!ec, ErrorKind::Input, "{}: the folder cannot be read ({}); check its permissions", show(folder), ec.message());
  std::vector<fs::path> clips, others;
  for (const fs::directory_iterator end; it != end; it.increment(ec)) {
    check(!ec, ErrorKind::Input, "{}: the folder cannot be read ({}); check the disk", show(folder), ec.message());
    const fs::path path = folder / it->path().filename();
    if (path.filename().string().starts_with(".")) continue;
    (is_clip(path) ? clips : others).push_back(path);
  }
  std::sort(clips.begin(), clips.end());
  if (!others.empty()) {
    log::warn("{}: is no clip and left out{}", show(*std::min_element(others.begin(), others.end())),
              others.size() == 1 ? "" : fmt::format(", as are {} more files of this folder", others.size() - 1));
  }
  return clips;
}

std::vector<fs::path> chosen(const std::vector<fs::path>& clips, const std::vector<int64_t>& positions) {
  std::vector<fs::path> part;
  part.reserve(positions.size());
  for (const int64_t position : positions) part.push_back(clips[static_cast<size_t>(position)]);
  std::sort(part.begin(), part.end());
  return part;
}

}  // namespace

ClipList list_clips(const fs::path& root, uint32_t seed) {
  constexpr const char* kWhat = "folders of frames, .png or .jpg strips, .gif, .mp4 or .mov files";
  std::error_code ec;
  check(fs::exists(root, ec), ErrorKind::Input, "{}: no such folder; check the path of the data", show(root));
  check(fs::is_directory(root, ec), ErrorKind::Input, "{}: is a file; give the folder that holds the clips",
        show(root));
  const bool has_train = fs::is_directory(root / "train", ec);
  const bool has_test = fs::is_directory(root / "test", ec);
  check(has_train == has_test, ErrorKind::Input,
        "{}: has a folder {} and none called {}; make both, or put the clips into {} itself", show(root),
        has_train ? "train" : "test", has_train ? "test" : "train", show(root));
  ClipList list;
  if (has_train) {
    list.train = clips_in(root / "train");
    list.test = clips_in(root / "test");
    check(!list.train.empty() || !list.test.empty(), ErrorKind::Input,
          "{}: train and test hold no clips; fill them with {}", show(root), kWhat);
    return list;
  }
  const auto clips = clips_in(root);
  check(!clips.empty(), ErrorKind::Input, "{}: holds no clips; fill it with {}", show(root), kWhat);
  list.random_split = true;
  if (clips.size() == 1) {
    list.train = list.test = clips;
    return list;
  }
  const Split split = random_split(static_cast<int64_t>(clips.size()), seed);
  list.train = chosen(clips, split.train);
  list.test = chosen(clips, split.test);
  return list;
}

}  // namespace animate::dataset
