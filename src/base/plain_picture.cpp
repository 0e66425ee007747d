#include "base/plain_picture.h"

#include <fstream>

#include "base/error.h"
#include "base/temp_file.h"

namespace animate {
inline namespace base {

void save_ppm(const std::filesystem::path& path, const Image& image) {
  TempFile temporary(path);
  std::ofstream file(temporary.path(), std::ios::binary);
  file << "P6\n" << image.width() << " " << image.height() << "\n255\n";
  file.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size_bytes()));
  file.close();
  check(!file.fail(), ErrorKind::Input, "{}: cannot be written; is the disk full?", show(path));
  temporary.commit();
}

}  // namespace base
}  // namespace animate
