#include <array>
#include <cmath>
#include <cstring>

#include "onnx/network.h"
#include "onnx/onnx_builder.h"
#include "support/catch.h"

// The landmark networks themselves are not here to test with. What such networks are made of is: built as exporters
// write it, run by the installed OpenCV, and compared with the same computed by hand.
using namespace animate::onnx;
using namespace animate;
using test::OnnxBuilder;

namespace {

std::vector<float> numbers_of(const OnnxBuilder& builder, const std::string& name) {
  OnnxBuilder copy = builder;
  for (const auto& tensor : copy.graph().initializer()) {
    if (tensor.name() != name) continue;
    std::vector<float> values(tensor.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return values;
  }
  return {};
}

void number(OnnxBuilder& builder, const std::string& name, float value) {
  auto& tensor = *builder.graph().add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(::onnx::TensorProto::FLOAT);
  tensor.set_raw_data(&value, sizeof(value));
}

FloatArray ramp(int64_t channels, int64_t size) {
  FloatArray array{{1, channels, size, size}, {}};
  for (int64_t i = 0; i < channels * size * size; ++i) array.values.push_back(std::sin(0.7F * static_cast<float>(i)));
  return array;
}

std::vector<FloatArray> run(const OnnxBuilder& builder, const FloatArray& input) {
  const std::string bytes = builder.bytes();
  animate::onnx::Network network(animate::onnx::Model::parse(test::as_bytes(bytes), "operations.onnx"), input.shape);
  return network.forward(input);
}

constexpr int64_t kSize = 6;
constexpr int64_t kChannels = 3;
constexpr int64_t kWide = 5;

}  // namespace

TEST_CASE("layer normalisation over the last axis, a matrix product, GELU, and the way back") {
  OnnxBuilder builder({0, kChannels, kSize, kSize});
  builder.weights("gamma", {kChannels});
  builder.weights("beta", {kChannels});
  builder.weights("matrix", {kChannels, kWide});
  builder.weights("offset", {kWide});
  number(builder, "two", 2);
  number(builder, "tiny", 1e-6F);
  number(builder, "root", std::sqrt(2.0F));
  number(builder, "one", 1);
  number(builder, "half", 0.5F);
  OnnxBuilder::integers(builder.node("Transpose", {"input"}, {"last"}), "perm", {0, 2, 3, 1});
  auto mean = [&](const std::string& from, const std::string& to) {
    auto& node = builder.node("ReduceMean", {from}, {to});
    OnnxBuilder::integers(node, "axes", {-1});
    OnnxBuilder::integer(node, "keepdims", 1);
  };
  mean("last", "mean");
  builder.node("Sub", {"last", "mean"}, {"centred"});
  builder.node("Pow", {"centred", "two"}, {"squares"});
  mean("squares", "variance");
  builder.node("Add", {"variance", "tiny"}, {"safe"});
  builder.node("Sqrt", {"safe"}, {"deviation"});
  builder.node("Div", {"centred", "deviation"}, {"normal"});
  builder.node("Mul", {"normal", "gamma"}, {"scaled"});
  builder.node("Add", {"scaled", "beta"}, {"shifted"});
  builder.node("MatMul", {"shifted", "matrix"}, {"product"});
  builder.node("Add", {"offset", "product"}, {"wide"});
  builder.node("Div", {"wide", "root"}, {"narrow"});
  builder.node("Erf", {"narrow"}, {"error"});
  builder.node("Add", {"error", "one"}, {"raised"});
  builder.node("Mul", {"wide", "raised"}, {"doubled"});
  builder.node("Mul", {"doubled", "half"}, {"gelu"});
  OnnxBuilder::integers(builder.node("Transpose", {"gelu"}, {"out"}), "perm", {0, 3, 1, 2});
  builder.output("out", {0, kWide, kSize, kSize});

  const FloatArray input = ramp(kChannels, kSize);
  const auto result = run(builder, input);
  REQUIRE(result.size() == 1);
  REQUIRE(result[0].values.size() == static_cast<size_t>(kWide * kSize * kSize));
  const auto gamma = numbers_of(builder, "gamma");
  const auto beta = numbers_of(builder, "beta");
  const auto matrix = numbers_of(builder, "matrix");
  const auto offset = numbers_of(builder, "offset");
  double largest = 0;
  constexpr size_t area = kSize * kSize;
  for (size_t at = 0; at < area; ++at) {
    double middle = 0;
    double variance = 0;
    for (size_t c = 0; c < kChannels; ++c) middle += static_cast<double>(input.values[c * area + at]) / kChannels;
    for (size_t c = 0; c < kChannels; ++c) {
      variance += std::pow(static_cast<double>(input.values[c * area + at]) - middle, 2) / kChannels;
    }
    for (size_t w = 0; w < kWide; ++w) {
      double sum = static_cast<double>(offset[w]);
      for (size_t c = 0; c < kChannels; ++c) {
        const double normal = (static_cast<double>(input.values[c * area + at]) - middle) / std::sqrt(variance + 1e-6);
        sum += (normal * static_cast<double>(gamma[c]) + static_cast<double>(beta[c])) *
               static_cast<double>(matrix[c * kWide + w]);
      }
      const double expected = sum * (1 + std::erf(sum / std::sqrt(2.0))) / 2;
      largest = std::max(largest, std::abs(expected - static_cast<double>(result[0].values[w * area + at])));
    }
  }
  CHECK(largest < 1e-4);
}

TEST_CASE("depthwise convolution, batch normalisation, PReLU, subtraction and product in front") {
  OnnxBuilder builder({0, kChannels, kSize, kSize});
  number(builder, "mean", 0.25F);
  number(builder, "scale", 2);
  builder.weights("depthwise", {kChannels, 1, 3, 3});
  builder.weights("slope", {kChannels, 1, 1});
  builder.weights("gamma", {kChannels});
  builder.weights("beta", {kChannels});
  builder.weights("running_mean", {kChannels});
  auto& variance = builder.weights("running_variance", {kChannels});
  const std::vector<float> variances = {0.5F, 1.5F, 2.5F};
  variance.set_raw_data(variances.data(), variances.size() * sizeof(float));
  builder.node("Sub", {"input", "mean"}, {"centred"});
  builder.node("Mul", {"centred", "scale"}, {"scaled"});
  auto& convolution = builder.node("Conv", {"scaled", "depthwise"}, {"convolved"});
  OnnxBuilder::integer(convolution, "group", kChannels);
  OnnxBuilder::integers(convolution, "kernel_shape", {3, 3});
  OnnxBuilder::integers(convolution, "pads", {1, 1, 1, 1});
  builder.node("BatchNormalization", {"convolved", "gamma", "beta", "running_mean", "running_variance"}, {"normal"});
  builder.node("PRelu", {"normal", "slope"}, {"out"});
  builder.output("out", {0, kChannels, kSize, kSize});

  const FloatArray input = ramp(kChannels, kSize);
  const auto result = run(builder, input);
  const auto kernel = numbers_of(builder, "depthwise");
  const auto slope = numbers_of(builder, "slope");
  const auto gamma = numbers_of(builder, "gamma");
  const auto beta = numbers_of(builder, "beta");
  const auto middle = numbers_of(builder, "running_mean");
  double largest = 0;
  for (int64_t c = 0; c < kChannels; ++c) {
    const auto channel = static_cast<size_t>(c);
    for (int64_t y = 0; y < kSize; ++y) {
      for (int64_t x = 0; x < kSize; ++x) {
        double sum = 0;
        for (int64_t k = 0; k < 9; ++k) {
          const int64_t row = y + k / 3 - 1;
          const int64_t column = x + k % 3 - 1;
          if (row < 0 || column < 0 || row >= kSize || column >= kSize) continue;
          const auto place = static_cast<size_t>((c * kSize + row) * kSize + column);
          sum += static_cast<double>(kernel[channel * 9 + static_cast<size_t>(k)]) *
                 (static_cast<double>(input.values[place]) - 0.25) * 2;
        }
        const double normal = (sum - static_cast<double>(middle[channel])) /
                                  std::sqrt(static_cast<double>(variances[channel]) + 1e-5) *
                                  static_cast<double>(gamma[channel]) +
                              static_cast<double>(beta[channel]);
        const double expected = normal > 0 ? normal : normal * static_cast<double>(slope[channel]);
        const auto place = static_cast<size_t>((c * kSize + y) * kSize + x);
        largest = std::max(largest, std::abs(expected - static_cast<double>(result[0].values[place])));
      }
    }
  }
  CHECK(largest < 1e-4);
}

TEST_CASE("values of the whole picture and of every channel, spread over it again") {
  // Global response normalisation, and layer normalisation of a single row, as ConvNeXt V2 ends.
  OnnxBuilder builder({0, kChannels, kSize, kSize});
  builder.weights("gamma", {kChannels});
  number(builder, "tiny", 1e-6F);
  number(builder, "two", 2);
  OnnxBuilder::integers(builder.node("Transpose", {"input"}, {"last"}), "perm", {0, 2, 3, 1});
  auto reduce = [&](const char* how, const std::string& from, const std::string& to,
                    std::initializer_list<int64_t> axes) {
    auto& node = builder.node(how, {from}, {to});
    OnnxBuilder::integers(node, "axes", axes);
    OnnxBuilder::integer(node, "keepdims", 1);
  };
  reduce("ReduceL2", "last", "norm", {1, 2});
  reduce("ReduceMean", "norm", "mean", {-1});
  builder.node("Add", {"mean", "tiny"}, {"safe"});
  builder.node("Div", {"norm", "safe"}, {"relative"});
  builder.node("Mul", {"last", "relative"}, {"response"});
  builder.node("Mul", {"gamma", "response"}, {"scaled"});
  builder.node("Add", {"scaled", "last"}, {"grown"});
  OnnxBuilder::integers(builder.node("Transpose", {"grown"}, {"first"}), "perm", {0, 3, 1, 2});
  builder.node("GlobalAveragePool", {"first"}, {"pooled"});
  OnnxBuilder::integer(builder.node("Flatten", {"pooled"}, {"row"}), "axis", 1);
  reduce("ReduceMean", "row", "middle", {-1});
  builder.node("Sub", {"row", "middle"}, {"centred"});
  builder.node("Pow", {"centred", "two"}, {"squares"});
  reduce("ReduceMean", "squares", "variance", {-1});
  builder.node("Add", {"variance", "tiny"}, {"safe_variance"});
  builder.node("Sqrt", {"safe_variance"}, {"deviation"});
  builder.node("Div", {"centred", "deviation"}, {"out"});
  builder.output("out", {0, kChannels});

  const FloatArray input = ramp(kChannels, kSize);
  const auto result = run(builder, input);
  REQUIRE(result[0].values.size() == static_cast<size_t>(kChannels));
  const auto gamma = numbers_of(builder, "gamma");
  constexpr size_t area = kSize * kSize;
  std::array<double, kChannels> norm{};
  std::array<double, kChannels> pooled{};
  double mean_norm = 0;
  for (size_t c = 0; c < kChannels; ++c) {
    for (size_t at = 0; at < area; ++at) norm[c] += std::pow(static_cast<double>(input.values[c * area + at]), 2);
    norm[c] = std::sqrt(norm[c]);
    mean_norm += norm[c] / kChannels;
  }
  double middle = 0;
  for (size_t c = 0; c < kChannels; ++c) {
    const double factor = 1 + static_cast<double>(gamma[c]) * norm[c] / (mean_norm + 1e-6);
    for (size_t at = 0; at < area; ++at) pooled[c] += factor * static_cast<double>(input.values[c * area + at]) / area;
    middle += pooled[c] / kChannels;
  }
  double variance = 0;
  for (const double value : pooled) variance += (value - middle) * (value - middle) / kChannels;
  for (size_t c = 0; c < kChannels; ++c) {
    const double expected = (pooled[c] - middle) / std::sqrt(variance + 1e-6);
    CHECK(static_cast<double>(result[0].values[c]) == Approx(expected).margin(1e-3));
  }
}
