#include "dataset/face_files.h"

#include <fstream>

#include "base/counted.h"
#include "base/error.h"
#include "base/file_kind.h"
#include "base/log.h"
#include "media/image_io.h"
#include "media/picture_clip.h"

namespace animate::dataset {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHeldOutEvery = 10;

std::vector<fs::path> files_of_list(const fs::path& list) {
  std::ifstream in(list);
  check(in.good(), ErrorKind::Input, "{}: cannot be read; check the path of the list", show(list));
  std::vector<fs::path> files;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const fs::path file(line);
    files.push_back(file.is_absolute() ? file : list.parent_path() / file);
  }
  return files;
}

std::vector<fs::path> files_of(const fs::path& data) {
  std::error_code ec;
  check(fs::exists(data, ec), ErrorKind::Usage,
        "--data {}: no such folder or list; give heads, a folder of faces or a "
        "list of them",
        show(data));
  if (!fs::is_directory(data, ec)) {
    const FileKind kind = file_kind_of(data);
    check(kind == FileKind::Text || kind == FileKind::Empty, ErrorKind::Usage,
          "--data {}: is no text file with a path of a picture a line; give that, or a folder of faces", show(data));
    return files_of_list(data);
  }
  std::string passed_over;
  auto files = media::pictures_in_folder(data, &passed_over);
  if (!passed_over.empty()) log::info("{}", passed_over);
  return files;
}

}  // namespace

FaceFiles list_faces(const fs::path& data) {
  const auto files = files_of(data);
  check(files.size() >= 2, ErrorKind::Input,
        "{}: holds {} of faces, and there is nothing to learn from fewer than two; "
        "add more",
        show(data), counted(static_cast<int64_t>(files.size()), "picture"));
  FaceFiles faces;
  for (size_t i = 0; i < files.size(); ++i) {
    (i % kHeldOutEvery == kHeldOutEvery - 1 ? faces.held_out : faces.train).push_back(files[i]);
  }
  return faces;
}

Image read_face(const fs::path& file) { return media::load_image(file); }

}  // namespace animate::dataset
