#include "catalog/weights_state.h"

#include "support/catch.h"
#include "support/temp_dir.h"

using namespace animate::catalog;
using namespace animate;
using animate::test::TempDir;
namespace fs = std::filesystem;

namespace {

// Two files of three and five bytes in LivePortrait's kind of layout, and one that a model can do without.
PublishedModel small() {
  PublishedModel model{"small", "fomm", "x", "y", {}};
  model.files = {{"live/base_models/one.pth", "", 3, "", "MIT", true, "", ""},
                 {"live/base_models/two.pth", "", 5, "", "MIT", true, "", ""},
                 {"face/eyes.onnx", "", 4, "", "MIT", false, "", ""}};
  return model;
}

const char* const kPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 5\n";

}  // namespace

TEST_CASE("a model's state is told from sizes and first bytes") {
  const TempDir dir;
  const PublishedModel model = small();
  CHECK(look_at(model, dir.path()).absent());

  fs::create_directories(dir / "live/base_models");
  fs::create_directories(dir / "face");
  dir.write("live/base_models/one.pth", "abc");
  CHECK(look_at(model, dir.path()).sentence() == "missing 2 of 3 files");
  CHECK(look_at(model, dir.path()).unusable());

  dir.write("live/base_models/two.pth", kPointer);
  CHECK(look_at(model, dir.path()).sentence() == "missing 1 of 3 files, 1 LFS pointer");
  CHECK(look_at(model, dir.path()).unusable());

  dir.write("live/base_models/two.pth", "abcd");
  CHECK(look_at(model, dir.path()).sentence() ==
        "missing 1 of 3 files, damaged or not the published: 1 file of another size");
  CHECK_FALSE(look_at(model, dir.path()).unusable());

  dir.write("live/base_models/two.pth", "abcde");
  CHECK_FALSE(look_at(model, dir.path()).unusable());
  dir.write("face/eyes.onnx", "<html></html>");
  CHECK(look_at(model, dir.path()).sentence() == "damaged: 1 empty file or web page");
  dir.write("face/eyes.onnx", "abcd");
  CHECK(look_at(model, dir.path()).complete());
  CHECK(look_at(model, dir.path()).sentence() == "complete");
}

TEST_CASE("files are found from the inner folder and below pretrained_weights, too") {
  const TempDir dir;
  const PublishedModel model = small();
  fs::create_directories(dir / "pretrained_weights/live/base_models");
  fs::create_directories(dir / "pretrained_weights/face");
  dir.write("pretrained_weights/live/base_models/one.pth", "abc");
  dir.write("pretrained_weights/live/base_models/two.pth", "abcde");
  dir.write("pretrained_weights/face/eyes.onnx", "abcd");
  CHECK(look_at(model, dir.path()).complete());
  CHECK(look_at(model, dir / "pretrained_weights").complete());
  CHECK(look_at(model, dir / "pretrained_weights/live").complete());
  CHECK(look_at(model, dir / "pretrained_weights/face").count(FileState::Right) == 1);
}
