#include "base/plain_picture.h"

#include <fstream>

#include "base/temp_file.h"
#include "base/write_errors.h"

namespace animate {
inline namespace base {

void save_ppm(const std::filesystem::path& path, const Image& image) {
  TempFile temporary(path);
  std::ofstream file(temporary.path(), std::ios::binary);
  file << "P6\n" << image.width() << " " << image.height() << "\n255\n";
  file.write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size_bytes()));
  file.close();
  check_written(file, path);
  temporary.commit();
}

}  // namespace base
}  // namespace animate
