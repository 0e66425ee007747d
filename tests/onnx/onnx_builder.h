#pragma once

#include <onnx/onnx_pb.h>

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace animate::test {

// Small ONNX models, made node by node.
class OnnxBuilder {
 public:
  explicit OnnxBuilder(std::initializer_list<int64_t> input_shape, int opset = 11) {
    model_.set_ir_version(6);
    model_.add_opset_import()->set_version(opset);
    graph().set_name("test");
    describe(*graph().add_input(), "input", input_shape);
  }

  ::onnx::ModelProto& model() { return model_; }
  ::onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  ::onnx::NodeProto& node(const std::string& operation, std::initializer_list<std::string> inputs,
                          std::initializer_list<std::string> outputs) {
    auto& node = *graph().add_node();
    node.set_op_type(operation);
    node.set_name(operation + std::to_string(graph().node_size()));
    for (const auto& name : inputs) node.add_input(name);
    for (const auto& name : outputs) node.add_output(name);
    return node;
  }
  static void integer(::onnx::NodeProto& node, const std::string& name, int64_t value) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(::onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  static void integers(::onnx::NodeProto& node, const std::string& name, std::initializer_list<int64_t> values) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(::onnx::AttributeProto::INTS);
    for (const int64_t value : values) attribute.add_ints(value);
  }

  ::onnx::TensorProto& constant(const std::string& name, std::initializer_list<int64_t> dims,
                                const std::vector<int64_t>& values) {
    auto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(::onnx::TensorProto::INT64);
    for (const int64_t side : dims) tensor.add_dims(side);
    tensor.set_raw_data(values.data(), values.size() * sizeof(int64_t));
    return tensor;
  }
  // Weights between -0.5 and 0.5, the same on every run.
  ::onnx::TensorProto& weights(const std::string& name, std::initializer_list<int64_t> dims) {
    auto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(::onnx::TensorProto::FLOAT);
    int64_t count = 1;
    for (const int64_t side : dims) {
      tensor.add_dims(side);
      count *= side;
    }
    std::vector<float> values;
    for (int64_t i = 0; i < count; ++i) {
      seed_ = seed_ * 1664525U + 1013904223U;
      values.push_back(static_cast<float>(seed_ >> 8) / 16777216.0F - 0.5F);
    }
    tensor.set_raw_data(values.data(), values.size() * sizeof(float));
    return tensor;
  }
  void output(const std::string& name, std::initializer_list<int64_t> shape) {
    describe(*graph().add_output(), name, shape);
  }

  std::string bytes() const { return model_.SerializeAsString(); }

 private:
  static void describe(::onnx::ValueInfoProto& info, const std::string& name, std::initializer_list<int64_t> shape) {
    info.set_name(name);
    auto* type = info.mutable_type()->mutable_tensor_type();
    type->set_elem_type(::onnx::TensorProto::FLOAT);
    for (const int64_t side : shape) {
      auto* dim = type->mutable_shape()->add_dim();
      if (side > 0)
        dim->set_dim_value(side);
      else
        dim->set_dim_param("open");
    }
  }

  ::onnx::ModelProto model_;
  uint32_t seed_ = 1;
};

// A network with the input and the outputs of a landmark network: `counts` numbers from the picture's mean colour.
inline OnnxBuilder landmark_model(int64_t size, const std::vector<int64_t>& counts) {
  OnnxBuilder model({0, 3, size, size});
  model.node("GlobalAveragePool", {"input"}, {"mean"});
  OnnxBuilder::integer(model.node("Flatten", {"mean"}, {"colour"}), "axis", 1);
  for (size_t i = 0; i < counts.size(); ++i) {
    const std::string number = std::to_string(i);
    model.weights("weight" + number, {counts[i], 3});
    model.weights("bias" + number, {counts[i]});
    OnnxBuilder::integer(model.node("Gemm", {"colour", "weight" + number, "bias" + number}, {"out" + number}), "transB",
                         1);
    model.output("out" + number, {1, counts[i]});
  }
  return model;
}

// Doubles a feature map to the size of another by Shape, Gather, Unsqueeze, Slice and Concat, then flattens it with an
// open Reshape: the chain that exporters write and OpenCV 4.6 refuses.
inline OnnxBuilder open_shapes_model() {
  OnnxBuilder model({1, 3, 0, 0});
  model.weights("weight", {4, 3, 3, 3});
  auto& convolution = model.node("Conv", {"input", "weight"}, {"small"});
  OnnxBuilder::integers(convolution, "strides", {2, 2});
  OnnxBuilder::integers(convolution, "pads", {1, 1, 1, 1});
  OnnxBuilder::integers(convolution, "kernel_shape", {3, 3});
  model.constant("two", {}, {2});
  model.constant("three", {}, {3});
  model.constant("begin", {1}, {0});
  model.constant("end", {1}, {2});
  model.constant("flat", {2}, {-1, 4});
  model.node("Shape", {"input"}, {"whole"});
  OnnxBuilder::integer(model.node("Gather", {"whole", "two"}, {"height"}), "axis", 0);
  OnnxBuilder::integer(model.node("Gather", {"whole", "three"}, {"width"}), "axis", 0);
  OnnxBuilder::integers(model.node("Unsqueeze", {"height"}, {"height1"}), "axes", {0});
  OnnxBuilder::integers(model.node("Unsqueeze", {"width"}, {"width1"}), "axes", {0});
  model.node("Shape", {"small"}, {"part"});
  model.node("Slice", {"part", "begin", "end", "begin"}, {"front"});
  OnnxBuilder::integer(model.node("Concat", {"front", "height1", "width1"}, {"size"}), "axis", 0);
  auto& none = *model.graph().add_initializer();
  none.set_name("none");
  none.set_data_type(::onnx::TensorProto::FLOAT);
  none.add_dims(0);
  none.set_raw_data("");
  auto& resize = model.node("Resize", {"small", "none", "none", "size"}, {"large"});
  auto& mode = *resize.add_attribute();
  mode.set_name("mode");
  mode.set_type(::onnx::AttributeProto::STRING);
  mode.set_s("nearest");
  auto& transform = *resize.add_attribute();
  transform.set_name("coordinate_transformation_mode");
  transform.set_type(::onnx::AttributeProto::STRING);
  transform.set_s("asymmetric");
  auto& rounding = *resize.add_attribute();
  rounding.set_name("nearest_mode");
  rounding.set_type(::onnx::AttributeProto::STRING);
  rounding.set_s("floor");
  OnnxBuilder::integers(model.node("Transpose", {"large"}, {"turned"}), "perm", {2, 3, 0, 1});
  model.node("Reshape", {"turned", "flat"}, {"rows"});
  model.node("Sigmoid", {"rows"}, {"score"});
  model.output("score", {0, 4});
  return model;
}

inline std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace animate::test
