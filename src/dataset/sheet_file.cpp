#include "dataset/sheet_file.h"

#include "media/image_io.h"

namespace animate::dataset {

void save_sheet(const std::filesystem::path& path, const Image& image) { media::save_image(path, image); }

}  // namespace animate::dataset
