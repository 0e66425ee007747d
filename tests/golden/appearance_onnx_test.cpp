// The published appearance extractor, of which only an ONNX export could be had: our network with its weights gives
// what OpenCV's own ONNX run gives.
#include <onnx/onnx_pb.h>

#include <c10/core/InferenceMode.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <map>

#include "base/error.h"
#include "core/nn/blocks_3d.h"
#include "core/tensor_image.h"
#include "media/image_io.h"
#include "models/liveportrait/networks.h"
#include "onnx/network.h"
#include "pictures/exact_resize.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::core;
using namespace animate::pictures;
using namespace animate::onnx;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
namespace fs = std::filesystem;

namespace {

std::map<std::string, torch::Tensor> initializers(const fs::path& path) {
  ::onnx::ModelProto proto;
  std::ifstream file(path, std::ios::binary);
  REQUIRE(proto.ParseFromIstream(&file));
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& stored : proto.graph().initializer()) {
    if (stored.data_type() != ::onnx::TensorProto::FLOAT) continue;
    auto tensor = torch::empty(std::vector<int64_t>(stored.dims().begin(), stored.dims().end()));
    REQUIRE(stored.raw_data().size() == static_cast<size_t>(tensor.nbytes()));
    std::memcpy(tensor.data_ptr<float>(), stored.raw_data().data(), stored.raw_data().size());
    tensors[stored.name()] = tensor;
  }
  return tensors;
}

// The export merged some norms into convolutions, whose weights then lost their names and count up in steps of three.
void fill(liveportrait::AppearanceFeatureExtractorImpl& f, const std::map<std::string, torch::Tensor>& stored) {
  int number = 180;
  const auto merged = [&](auto& convolution) {
    convolution->weight.copy_(stored.at(fmt::format("onnx::Conv_{}", number)));
    convolution->bias.copy_(stored.at(fmt::format("onnx::Conv_{}", number + 1)));
    number += 3;
  };
  nn::fold_batch_norm(f);
  merged(f.first->conv);
  for (const auto& block : *f.down_blocks) merged(block->as<nn::DownBlock2d>()->conv);
  for (const auto& block : *f.resblocks) merged(block->as<nn::ResBlock3d>()->conv1);
  size_t named = 0;
  const auto take = [&](const std::string& key, torch::Tensor target) {
    if (const auto found = stored.find(key); found != stored.end()) {
      target.copy_(found->second);
      ++named;
    }
  };
  for (auto& item : f.named_parameters()) take(item.key(), item.value());
  for (auto& item : f.named_buffers()) take(item.key(), item.value());
  CHECK(named == 2 + 6 * (4 + 2));  // `second`, and of every block norm1 and conv2
}

}  // namespace

TEST_CASE("the published appearance extractor gives OpenCV's own numbers on four portraits", "[optional]") {
  const fs::path weights = test::material("weights/appearance_feature_extractor.onnx");
  if (weights.empty()) return test::skip("weights/appearance_feature_extractor.onnx is not in $ANIMATE_MATERIAL");
  const fs::path portraits = test::material("media/source");
  if (portraits.empty()) return test::skip("media/source is not in $ANIMATE_MATERIAL");
  const c10::InferenceMode guard;
  liveportrait::Networks networks{liveportrait::Config{}};
  fill(*networks.appearance, initializers(weights));
  auto reference = animate::onnx::Network::load(weights, {1, 3, 256, 256});
  for (const char* name : {"s3.jpg", "s7.jpg", "s9.jpg", "s12.jpg"}) {
    INFO(name);
    const auto input = to_tensor(resize_area(load_image(portraits / name), 256, 256));
    FloatArray blob{{1, 3, 256, 256}, std::vector<float>(static_cast<size_t>(input.numel()))};
    std::memcpy(blob.values.data(), input.data_ptr<float>(), static_cast<size_t>(input.nbytes()));
    const auto expected = reference.forward(blob).at(0);
    const auto mine = networks.appearance->forward(input).contiguous();
    REQUIRE(static_cast<size_t>(mine.numel()) == expected.values.size());
    const auto theirs = torch::from_blob(const_cast<float*>(expected.values.data()), mine.sizes());
    const double largest = (mine - theirs).abs().max().item<double>();
    std::cout << name << ": largest difference " << largest << "\n";
    CHECK(largest <= 1e-4);
    CHECK(mine.abs().max().item<double>() > 0.5);
  }
}
