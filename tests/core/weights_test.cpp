#include "core/weights.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

#include <limits>

#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

// weight [2, 3], bias [2]
torch::nn::Linear layer() { return torch::nn::Linear(3, 2); }

std::string load_error(const std::map<std::string, torch::Tensor>& stored) {
  const TempDir dir;
  const auto path = dir / "w.safetensors";
  save_tensors(path, stored, {});
  auto module = layer();
  const auto message =
      error_of(ErrorKind::Model, [&] { load_state(*module, Checkpoint::open(path).scope("net"), "net"); });
  return message.substr(path.string().size());
}

}  // namespace

TEST_CASE("a module takes its weights from a scope, converting element types") {
  const TempDir dir;
  const auto path = dir / "w.safetensors";
  const auto weight = torch::arange(6, torch::kFloat64).view({2, 3});
  save_tensors(path, {{"net.weight", weight}, {"net.bias", torch::ones({2}, torch::kHalf)}, {"other.x", weight}}, {});
  auto module = layer();
  load_state(*module, Checkpoint::open(path).scope("net"), "net");
  CHECK(module->weight.equal(weight.to(torch::kFloat32)));
  CHECK(module->bias.equal(torch::ones({2})));
}

TEST_CASE("what batch normalisation counts may be missing, its other arrays may not") {
  const TempDir dir;
  const auto path = dir / "w.safetensors";
  const auto ones = torch::ones({2});
  save_tensors(
      path, {{"net.weight", ones}, {"net.bias", ones}, {"net.running_mean", 3 * ones}, {"net.running_var", ones}}, {});
  torch::nn::BatchNorm2d norm(2);
  load_state(*norm, Checkpoint::open(path).scope("net"), "net");
  CHECK(norm->running_mean.equal(3 * ones));
  CHECK(norm->num_batches_tracked.item<int64_t>() == 0);
  save_tensors(path, {{"net.weight", ones}, {"net.bias", ones}, {"net.running_mean", ones}}, {});
  CHECK(
      error_of(ErrorKind::Model, [&] { load_state(*norm, Checkpoint::open(path).scope("net"), "net"); }) ==
      path.string() +
          ": the weights of net do not fit the config; give the config they were trained with; 1 missing: running_var");
}

TEST_CASE("every kind of mismatch is listed in one sentence") {
  CHECK(load_error({{"net.weight", torch::zeros({3, 2})}, {"net.extra", torch::zeros({1})}}) ==
        ": the weights of net do not fit the config; give the config they were trained with; 1 missing: bias; 1 "
        "unexpected: extra; 1 of another shape: weight is [3, 2], the config asks for [2, 3]");
}

TEST_CASE("at most ten names of a kind are listed") {
  std::map<std::string, torch::Tensor> stored{{"net.weight", torch::zeros({2, 3})}, {"net.bias", torch::zeros({2})}};
  for (int i = 0; i < 12; ++i) stored["net.x" + std::to_string(10 + i)] = torch::zeros({1});
  const auto message = load_error(stored);
  CHECK_THAT(message, ContainsSubstring("12 unexpected: x10, x11,"));
  CHECK_THAT(message, ContainsSubstring("x19, …"));
  CHECK(message.find("x20") == std::string::npos);
}

TEST_CASE("weights that are not finite are refused") {
  const auto bad = torch::full({2}, std::numeric_limits<float>::quiet_NaN());
  CHECK(load_error({{"net.weight", torch::zeros({2, 3})}, {"net.bias", bad}}) ==
        ": the weight bias of net holds NaN or infinite values; get an undamaged checkpoint");
}
