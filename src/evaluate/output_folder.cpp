#include "evaluate/output_folder.h"

#include <system_error>

#include "base/error.h"

namespace animate::evaluate {
namespace {

namespace fs = std::filesystem;

// Without a slash at its end a path's last part is its name.
fs::path named(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

bool folder_exists(const fs::path& path) {
  std::error_code ec;
  if (!fs::exists(path, ec)) return false;
  check(fs::is_directory(path, ec), ErrorKind::Input, "{}: is not a folder; choose another output", show(path));
  return true;
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& target, bool with_frames)
    : target_(named(target)),
      exists_(folder_exists(target_)),
      work_(exists_ ? target_ / "evaluation" : target_, TempFile::Kind::Folder) {
  std::error_code ec;
  check(!exists_ || !with_frames || !fs::exists(target_ / "frames", ec), ErrorKind::Usage,
        "{}: holds saved frames already; choose another output or remove them", show(target_ / "frames"));
}

void OutputFolder::commit() {
  if (!exists_) {
    work_.commit();
    return;
  }
  for (const auto& entry : fs::directory_iterator(work_.path())) {
    const fs::path target = target_ / entry.path().filename();
    std::error_code ec;
    fs::rename(entry.path(), target, ec);
    check(!ec, ErrorKind::Input, "{}: cannot be written ({}); choose another output", show(target), ec.message());
  }
}

}  // namespace animate::evaluate
