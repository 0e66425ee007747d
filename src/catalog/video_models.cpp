#include "catalog/video_models.h"

#include "base/error.h"
#include "catalog/model_finder.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

// Facts of the publisher's page.
constexpr const char* kWhatToFetch =
    "get Stable Video Diffusion from https://huggingface.co/stabilityai/stable-video-diffusion-img2vid (the folders "
    "unet, "
    "vae and image_encoder with their config.json, 4.5 GB as .fp16.safetensors; Stability AI's community licence, to "
    "be "
    "accepted there), and give its folder with -m";

}  // namespace

bool is_video_folder(const fs::path& folder) {
  std::error_code ec;
  return fs::is_regular_file(folder / "unet" / "config.json", ec) &&
         fs::is_regular_file(folder / "image_encoder" / "config.json", ec);
}

fs::path find_video_model(const std::string& model) {
  check(!model.empty(), ErrorKind::Input, "no image-to-video model is given, and none comes with the program; {}",
        kWhatToFetch);
  std::error_code ec;
  if (fs::exists(model, ec)) return model;
  check(model.find('/') == std::string::npos, ErrorKind::Input, "{}: no such file; check the path of the model",
        show(model));
  for (const fs::path& folder : model_search_path()) {
    if (is_video_folder(folder / model)) return folder / model;
    const fs::path file = folder / (model + ".safetensors");
    if (fs::is_regular_file(file, ec)) return file;
  }
  fail(ErrorKind::Input, "{}: no image-to-video model of this name is found; {}", show(model), kWhatToFetch);
}

}  // namespace animate::catalog
