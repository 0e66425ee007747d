#include "train/vgg19.h"

#include "core/weights.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::train;
using namespace animate;

namespace {

constexpr train::Vgg19Impl::Widths kNarrow{2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6};

// As torchvision writes it: with the layers behind relu5_1 and the classifier.
std::map<std::string, torch::Tensor> published(train::Vgg19& vgg) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : vgg->named_parameters()) tensors[item.key()] = item.value();
  tensors["features.30.weight"] = torch::zeros({6, 6, 3, 3});
  tensors["features.34.bias"] = torch::zeros({6});
  tensors["classifier.0.weight"] = torch::zeros({4, 6});
  return tensors;
}

}  // namespace

TEST_CASE("VGG-19 has torchvision's names and shapes, gives five features and learns nothing") {
  train::Vgg19 vgg;
  const auto names = state_names(*vgg);
  CHECK(names.size() == 26);
  CHECK(names.front() == "features.0.weight");
  CHECK(names.back() == "features.28.bias");
  CHECK(vgg->named_parameters()["features.19.weight"].sizes().vec() == std::vector<int64_t>{512, 256, 3, 3});
  for (const auto& parameter : vgg->parameters()) CHECK_FALSE(parameter.requires_grad());
  const auto features = train::Vgg19(kNarrow)->forward(torch::rand({2, 3, 32, 16}));
  REQUIRE(features.size() == 5);
  CHECK(features[0].sizes().vec() == std::vector<int64_t>{2, 2, 32, 16});
  CHECK(features[4].sizes().vec() == std::vector<int64_t>{2, 6, 2, 1});
}

TEST_CASE("VGG-19 is loaded from a checkpoint, other weights are refused") {
  const test::TempDir folder;
  train::Vgg19 vgg(kNarrow);
  auto tensors = published(vgg);
  save_tensors(folder / "vgg.safetensors", tensors, {});
  auto loaded = train::load_vgg19(Checkpoint::open(folder / "vgg.safetensors"));
  const auto image = torch::rand({1, 3, 16, 16});
  CHECK(torch::equal(loaded->forward(image)[4], vgg->forward(image)[4]));

  tensors.erase("features.28.weight");
  save_tensors(folder / "cut.safetensors", tensors, {});
  CHECK(test::error_of(ErrorKind::Model, [&] { train::load_vgg19(Checkpoint::open(folder / "cut.safetensors")); }) ==
        (folder / "cut.safetensors").string() +
            ": is not VGG-19 ('features.28.weight' is missing); give torchvision's vgg19-dcbb9e9d.pth");
}

TEST_CASE("levels too small for VGG-19 are refused") {
  train::Vgg19 vgg(kNarrow);
  CHECK(test::error_of(ErrorKind::Model,
                       [&] {
                         vgg->forward(torch::rand({1, 3, 8, 16}));
                       }) ==
        "a pyramid level of 16x8 pixels is too small for the perceptual loss, which needs 16; leave its scale out of "
        "'train_params.scales' or train with larger frames");
}
