#include "catalog/video_layout.h"

#include <stdlib.h>

#include <fstream>

#include "catalog/folder_layouts.h"
#include "catalog/model_family.h"
#include "catalog/model_survey.h"
#include "catalog/video_models.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::catalog;
using namespace animate;
using animate::test::error_of;
using animate::test::TempDir;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "not really weights";
}

// A folder as the weights are published, in half precision.
fs::path video_model(const TempDir& dir, const std::string& name) {
  write(dir / name / "unet/diffusion_pytorch_model.fp16.safetensors");
  write(dir / name / "vae/diffusion_pytorch_model.fp16.safetensors");
  write(dir / name / "image_encoder/model.fp16.safetensors");
  return dir / name;
}

}  // namespace

TEST_CASE("a folder with a file a network is a video model, in full precision where both are there") {
  const TempDir dir;
  const fs::path folder = video_model(dir, "svd");
  auto found = find_in_layouts(folder);
  REQUIRE(found);
  CHECK(found->name == "svd");
  CHECK(told_family(*found) == "video_diffusion");
  CHECK(found->location() == folder);
  CHECK(found->parts.at("unet").filename() == "diffusion_pytorch_model.fp16.safetensors");
  write(folder / "unet/diffusion_pytorch_model.safetensors");
  CHECK(find_video_folder(folder)->parts.at("unet").filename() == "diffusion_pytorch_model.safetensors");

  fs::remove_all(folder / "vae");
  CHECK(error_of(ErrorKind::Input, [&] { find_video_folder(folder); }) ==
        folder.string() +
            ": the weights of an image-to-video model are incomplete, missing those of vae; `animate models fetch svd` "
            "tells where to get them");
  REQUIRE(incomplete_layout(folder) != nullptr);
  CHECK(incomplete_layout(folder)->family == "video_diffusion");
  // An image model, which looks at no picture.
  fs::remove_all(folder / "image_encoder");
  CHECK_FALSE(find_video_folder(folder));
  CHECK(incomplete_layout(folder) == nullptr);
}

TEST_CASE("video models are listed, found by name, and never what a driver moves by default") {
  const TempDir dir;
  ::setenv("ANIMATE_MODELS", dir.path().c_str(), 1);
  ::setenv("XDG_DATA_HOME", (dir / "data").c_str(), 1);
  ::unsetenv("ANIMATE_WEIGHTS_LIST");
  CHECK(error_of(ErrorKind::Input, [] { find_video_model(""); }).find("no image-to-video model is given") == 0);
  CHECK(error_of(ErrorKind::Input, [] { find_video_model("my"); }).find("my: no image-to-video model of this name") ==
        0);
  CHECK(error_of(ErrorKind::Input, [] { find_video_model("a/b"); }) ==
        "a/b: no such file; check the path of the model");
  const fs::path folder = video_model(dir, "my");
  CHECK(find_video_model("my") == folder);
  CHECK(find_video_model("") == folder);
  CHECK(find_video_model(dir.path().string()) == dir.path());
  CHECK(video_model_at(folder).parts.size() == 3);
  CHECK(find_model({}).name == "default");

  const auto row_of = [](const std::string& name) {
    for (const SurveyedModel& row : survey_models(published_weights())) {
      if (row.name == name) return row;
    }
    FAIL("no such row");
    throw 0;
  };
  CHECK(row_of("my").family == "video_diffusion");
  CHECK(row_of("my").location == folder);
  // Beside it stands what could be fetched; files of other sizes are not the published ones.
  CHECK(row_of("my").published == "svd");
  CHECK(row_of("my").state == "damaged or not the published: 3 files of other sizes");
  fs::remove_all(folder / "vae");
  CHECK(row_of("my").state.find("missing 1 of 3 files") == 0);
  CHECK_FALSE(row_of("my").usable);
  fs::remove_all(folder);
  CHECK(row_of("svd").state == "not here");
  ::unsetenv("ANIMATE_MODELS");
}
