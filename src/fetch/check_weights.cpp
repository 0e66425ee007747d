#include "fetch/check_weights.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/file_kind.h"
#include "catalog/weights_state.h"
#include "digest/sha256.h"

namespace animate::fetch {
namespace {

namespace fs = std::filesystem;

constexpr auto kSuffixes = std::to_array<std::string_view>({".safetensors", ".pth", ".pt", ".ckpt", ".tar", ".onnx"});
constexpr int kDeepest = 8;  // folders below the one that is checked

// One file of the list with the model it is of.
struct Expected {
  const catalog::PublishedModel* model = nullptr;
  const catalog::PublishedFile* file = nullptr;
};

std::vector<std::string> parts_of(const fs::path& path) {
  std::vector<std::string> parts;
  for (const fs::path& part : path) parts.push_back(part.string());
  return parts;
}

// How many components at the end of `path` agree with the end of the published path. The outermost may be renamed by
// the user, but "liveportrait_animals" is not another name of "liveportrait".
bool is_place_of(const std::vector<std::string>& path, const std::vector<std::string>& published) {
  size_t same = 0;
  while (same < std::min(path.size(), published.size()) &&
         path[path.size() - 1 - same] == published[published.size() - 1 - same]) {
    ++same;
  }
  if (same == published.size()) return true;
  if (published.size() < 2 || same + 1 != published.size()) return false;
  return path.size() == same || !path[path.size() - 1 - same].starts_with(published.front() + "_");
}

Expected expected_at(const catalog::WeightsList& list, const fs::path& path) {
  std::error_code ec;
  const auto parts = parts_of(fs::absolute(path, ec).lexically_normal());
  for (const catalog::PublishedModel& model : list.models) {
    for (const catalog::PublishedFile& file : model.files) {
      if (is_place_of(parts, parts_of(file.path))) return {&model, &file};
    }
  }
  return {};
}

bool is_weights_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return name.ends_with(suffix); });
}

std::vector<fs::path> weights_in(const fs::path& place) {
  std::error_code ec;
  if (!fs::is_directory(place, ec)) {
    require_file(place, "a weights file or a folder of weights");
    return {place};
  }
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(place, fs::directory_options::skip_permission_denied, ec);
  for (const fs::recursive_directory_iterator end; !ec && entry != end; entry.increment(ec)) {
    std::error_code ignored;
    const bool hidden = entry->path().filename().string().starts_with(".");
    if (entry->is_directory(ignored)) {
      if (hidden || entry.depth() >= kDeepest) entry.disable_recursion_pending();
    } else if (!hidden && entry->is_regular_file(ignored) && is_weights_name(entry->path())) {
      files.push_back(entry->path());
    }
  }
  check(!ec, ErrorKind::Input, "{}: cannot be looked through ({}); check its permissions", show(place), ec.message());
  check(!files.empty(), ErrorKind::Input, "{}: holds no weights files; give a model's folder or a weights file",
        show(place));
  std::sort(files.begin(), files.end());
  return files;
}

CheckedFile judge_known(const Expected& expected, const fs::path& path) {
  const catalog::FoundFile found = catalog::look_at(*expected.file, path);
  switch (found.state) {
    case catalog::FileState::Missing: return {path, Verdict::Wrong, "cannot be read; check its permissions"};
    case catalog::FileState::LfsPointer:
      return {path, Verdict::Wrong, "is a Git-LFS pointer, not the file itself; run `git lfs pull` or fetch it"};
    case catalog::FileState::WebPage: return {path, Verdict::Wrong, "is empty or a web page; fetch it again"};
    case catalog::FileState::OtherSize:
      return {
          path, Verdict::Wrong,
          fmt::format("has {} bytes, published are {}: damaged or another file", found.bytes, expected.file->bytes)};
    case catalog::FileState::Right: break;
  }
  const std::string hash = digest::sha256_of(path);
  if (hash == expected.file->sha256) return {path, Verdict::Right, "is the published file"};
  return {path, Verdict::Wrong,
          fmt::format("has the SHA-256 {}, published is {}: damaged or another file", hash, expected.file->sha256)};
}

CheckedFile judge_other(const catalog::WeightsList& list, const fs::path& path) {
  switch (file_kind_of(path)) {
    case FileKind::LfsPointer:
      return {path, Verdict::Wrong, "is a Git-LFS pointer, not the file itself; run `git lfs pull` in its repository"};
    case FileKind::Html:
    case FileKind::Empty: return {path, Verdict::Wrong, "is empty or a web page; fetch it again"};
    default: break;
  }
  std::error_code ec;
  const auto bytes = static_cast<int64_t>(fs::file_size(path, ec));
  std::string hash;
  for (const catalog::PublishedModel& model : list.models) {
    for (const catalog::PublishedFile& file : model.files) {
      if (!file.fits(bytes)) continue;
      if (hash.empty()) hash = digest::sha256_of(path);
      if (hash == file.sha256) return {path, Verdict::Right, fmt::format("is {} of {}", file.path, model.name)};
    }
  }
  return {path, Verdict::Unknown, "is not in the list of published files"};
}

}  // namespace

CheckReport check_weights(const fs::path& place, const catalog::WeightsList& list,
                          const std::function<void(const CheckedFile&)>& tell, const std::stop_token& stop) {
  CheckReport report;
  const auto note = [&](const CheckedFile& file, const catalog::PublishedModel* model) {
    tell(file);
    switch (file.verdict) {
      case Verdict::Right: ++report.right; break;
      case Verdict::Wrong: ++report.wrong; break;
      case Verdict::Absent: ++report.absent; break;
      case Verdict::Unknown: ++report.unknown; break;
    }
    if (file.verdict == Verdict::Wrong && model != nullptr && report.model.empty()) report.model = model->name;
  };
  std::map<const catalog::PublishedModel*, std::set<const catalog::PublishedFile*>> seen;
  for (const fs::path& path : weights_in(place)) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "stopped before {} was checked", show(path));
    const Expected expected = expected_at(list, path);
    if (expected.file != nullptr) seen[expected.model].insert(expected.file);
    note(expected.file != nullptr ? judge_known(expected, path) : judge_other(list, path), expected.model);
  }
  std::error_code ec;
  if (!fs::is_directory(place, ec)) return report;
  for (const auto& [model, files] : seen) {
    for (const catalog::PublishedFile& file : model->files) {
      // Beside the folder that is checked lie the face networks when that is the inner one.
      if (files.contains(&file) || !catalog::locate(file, place).empty()) continue;
      note({file.path, file.needed ? Verdict::Wrong : Verdict::Absent,
            "is missing" + (file.needed ? std::string() : fmt::format(", it is for {}", file.purpose))},
           model);
    }
  }
  return report;
}

}  // namespace animate::fetch
