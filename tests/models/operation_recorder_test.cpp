#include "models/operation_recorder.h"

#include <ATen/record_function.h>
#include <c10/core/InferenceMode.h>

#include <stdexcept>

#include "core/nn/fast_conv/fast_convolution.h"
#include "models/layer_table.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate;

namespace {

// The only operation that `work` calls.
RecordedOperation only(const std::function<void()>& work) {
  const auto recording = record_operations(work, torch::kCPU);
  REQUIRE(recording.operations.size() == 1);
  return recording.operations.front();
}

RecordedOperation of_winograd(nn::FastConvolution::Form form, const torch::Tensor& x, const torch::Tensor& weight) {
  const nn::FastConvolution convolution(weight, {}, std::move(form), nn::ConvMode::Winograd);
  return only([&] { convolution.forward(x); });
}

}  // namespace

TEST_CASE("convolutions are counted by what they write") {
  const c10::InferenceMode guard;
  const auto x = torch::rand({2, 4, 8, 10});
  const auto weight = torch::rand({6, 4, 3, 3});
  const auto plain = only([&] { torch::conv2d(x, weight, {}, 1, 1); });
  CHECK(plain.operation == "conv2d");
  CHECK(plain.input == "2x4x8x10");
  CHECK(plain.weight == "6x4x3x3");
  CHECK(plain.output == "2x6x8x10");
  CHECK(plain.flop == 2.0 * (2 * 6 * 8 * 10) * (4 * 3 * 3));
  CHECK(plain.bytes == 4.0 * (2 * 4 * 8 * 10 + 6 * 4 * 3 * 3 + 2 * 6 * 8 * 10));
  CHECK(plain.milliseconds > 0);

  const auto strided = only([&] { torch::conv2d(x, weight, {}, 2, 1); });
  CHECK(strided.flop == 2.0 * (2 * 6 * 4 * 5) * (4 * 3 * 3));
  const auto grouped = only([&, half = torch::rand({6, 2, 3, 3})] { torch::conv2d(x, half, {}, 1, 1, 1, 2); });
  CHECK(grouped.flop == 2.0 * (2 * 6 * 8 * 10) * (2 * 3 * 3));
  const auto volume = torch::rand({1, 2, 3, 4, 5});
  const auto cube = only([&, taps = torch::rand({7, 2, 3, 3, 3})] { torch::conv3d(volume, taps, {}, 1, 1); });
  CHECK(cube.operation == "conv3d");
  CHECK(cube.flop == 2.0 * (7 * 3 * 4 * 5) * (2 * 27));
  const auto back = only([&, taps = torch::rand({4, 6, 2, 2})] { torch::conv_transpose2d(x, taps, {}, 2); });
  CHECK(back.flop == 2.0 * (2 * 4 * 8 * 10) * (6 * 2 * 2));
}

TEST_CASE("products, normalisation and sampling are counted, the rest is told by name") {
  const c10::InferenceMode guard;
  const auto left = torch::rand({3, 4, 5});
  const auto right = torch::rand({3, 5, 6});
  CHECK(only([&] { torch::matmul(left, right); }).flop == 2.0 * 3 * 4 * 5 * 6);
  const auto weight = torch::rand({7, 5});
  const auto bias = torch::rand({7});
  CHECK(only([&] { torch::linear(left, weight, bias); }).flop == 2.0 * 3 * 4 * 5 * 7);
  const auto rows = torch::rand({4, 5});
  const auto columns = torch::rand({5, 7});
  CHECK(only([&] { torch::addmm(bias, rows, columns); }).flop == 2.0 * 4 * 5 * 7);

  const auto x = torch::rand({2, 3, 4, 4});
  const auto ones = torch::ones({3});
  CHECK(only([&] { torch::batch_norm(x, ones, ones, ones, ones, false, 0.1, 1e-5, false); }).flop == 2.0 * 96);
  const auto grid = torch::rand({2, 5, 6, 2});
  const auto sampled = only([&] { torch::grid_sampler(x, grid, 0, 0, false); });
  CHECK(sampled.operation == "grid_sampler");
  CHECK(sampled.flop == 8.0 * (2 * 3 * 5 * 6));

  const auto other = only([&] { torch::relu(x); });
  CHECK(other.operation == "relu");
  CHECK(other.flop == 0);
  CHECK(other.input.empty());
  CHECK(other.bytes == 4.0 * 2 * 96);
}

TEST_CASE("Winograd's convolution is counted as the direct one") {
  if (nn::winograd_lanes() == 0) return;  // no kernels for this processor
  const c10::InferenceMode guard;
  const auto x = torch::rand({1, 4, 12, 8});
  const auto weight = torch::rand({6, 4, 3, 3});
  const auto plain = of_winograd({}, x, weight);
  CHECK(plain.operation == "winograd2d");
  CHECK(plain.input == "1x4x12x8");
  CHECK(plain.output == "1x6x12x8");
  CHECK(plain.flop == only([&] { torch::conv2d(x, weight, {}, 1, 1); }).flop);
  CHECK(plain.bytes == only([&] { torch::conv2d(x, weight, {}, 1, 1); }).bytes);

  nn::FastConvolution::Form doubled;
  doubled.upsampled = true;
  const auto upsampled = of_winograd(doubled, x, weight);
  CHECK(upsampled.operation == "winograd2d upsampled");
  CHECK(upsampled.output == "1x6x24x16");
  CHECK(upsampled.flop == 4 * plain.flop);

  const auto volume = of_winograd({}, torch::rand({1, 4, 5, 12, 8}), torch::rand({6, 4, 3, 3, 3}));
  CHECK(volume.operation == "winograd3d");
  CHECK(volume.flop == 2.0 * (6 * 5 * 12 * 8) * (4 * 27));

  nn::FastConvolution::Form modulates;
  modulates.modulates = true;
  const nn::FastConvolution spade(weight, {}, modulates, nn::ConvMode::Winograd);
  const auto content = torch::rand({1, 3, 12, 8});
  const auto statistics = nn::instance_statistics(content);
  const auto all = record_operations([&] { spade.modulate(x, content, statistics); }, torch::kCPU).operations;
  const auto& modulating = all.back();  // after the content was brought into the right order
  CHECK(modulating.operation == "winograd2d modulating");
  CHECK(modulating.output == "1x3x12x8");
  CHECK(modulating.flop == plain.flop);
}

TEST_CASE("only the outermost calls are recorded, in their order and within their time") {
  const c10::InferenceMode guard;
  const auto x = torch::rand({1, 8, 16, 16});
  const auto weight = torch::rand({8, 8, 3, 3});
  const auto recording = record_operations(
      [&] {
        const auto y = torch::conv2d(x, weight, {}, 1, 1);
        torch::instance_norm(y, {}, {}, {}, {}, true, 0.1, 1e-5, false);
        torch::relu(y);
      },
      torch::kCPU);
  REQUIRE(recording.operations.size() == 3);
  CHECK(recording.operations[0].operation == "conv2d");
  CHECK(recording.operations[1].operation == "instance_norm");
  CHECK(recording.operations[2].operation == "relu");
  double sum = 0;
  for (const auto& operation : recording.operations) sum += operation.milliseconds;
  CHECK(sum <= recording.milliseconds);
}

TEST_CASE("observers do not outlive their recording") {
  const auto fails = [] {
    torch::rand({2});
    throw std::runtime_error("stop");
  };
  CHECK_THROWS_AS(record_operations(fails, torch::kCPU), std::runtime_error);
  CHECK_FALSE(at::hasThreadLocalCallbacks());
  CHECK(record_operations([] {}, torch::kCPU).operations.empty());
  const auto nested = [] { record_operations([] {}, torch::kCPU); };
  CHECK(test::error_of(ErrorKind::Internal, [&] { record_operations(nested, torch::kCPU); }) ==
        "operations are recorded within a recording");
  CHECK_FALSE(at::hasThreadLocalCallbacks());
}

TEST_CASE("a table of layers sums calls of equal shape and takes medians over recordings") {
  RecordedOperation big;
  big.operation = "conv2d";
  big.input = "1x8x4x4";
  big.flop = 2e9;
  big.bytes = 3e6;
  RecordedOperation small = big;
  small.input = "1x8x2x2";
  std::vector<Recording> recordings;
  for (const double milliseconds : {1.0, 9.0, 2.0}) {
    big.milliseconds = milliseconds;
    small.milliseconds = 10 - milliseconds;
    recordings.push_back({{big, small, big}, 20 + milliseconds});
  }
  const LayerTable table = layer_table(recordings);
  CHECK(table.frame_milliseconds == 22);
  REQUIRE(table.layers.size() == 2);
  CHECK(table.layers[0].input == "1x8x2x2");
  CHECK(table.layers[0].milliseconds == 8);
  CHECK(table.layers[0].count == 1);
  CHECK(table.layers[1].milliseconds == 4);
  CHECK(table.layers[1].count == 2);
  CHECK(table.layers[1].gflop == 4);
  CHECK(table.layers[1].megabytes == 6);
}
