#include "onnx/shapes.h"

#include <algorithm>

#include "base/error.h"
#include "onnx/checks.h"
#include "onnx/walk.h"

namespace animate::onnx {

const proto::AttributeProto* attribute(const proto::NodeProto& node, std::string_view name) {
  for (const auto& each : node.attribute()) {
    if (each.name() == name) return &each;
  }
  return nullptr;
}

int64_t integer(const proto::NodeProto& node, std::string_view name, int64_t otherwise) {
  const auto* found = attribute(node, name);
  return found != nullptr ? found->i() : otherwise;
}

std::optional<Ints> integers(const proto::NodeProto& node, std::string_view name) {
  const auto* found = attribute(node, name);
  if (found == nullptr) return std::nullopt;
  return Ints(found->ints().begin(), found->ints().end());
}

Shapes Walk::run(const Ints& input_shape) {
  element_count(input_shape, name_);
  shapes_[graph_.input(0).name()] = input_shape;
  for (int i = 0; i < graph_.initializer_size(); ++i) {
    learn(graph_.initializer(i).name(), graph_.initializer(i));
    weights_[graph_.initializer(i).name()] = i;
  }
  const int nodes = graph_.node_size();
  for (int i = 0; i < nodes; ++i) {
    visit(*graph_.mutable_node(i));
    order_.push_back(i);
  }
  sort_nodes();
  replace_folded_nodes();
  for (proto::TensorProto& tensor : spread_) *graph_.add_initializer() = std::move(tensor);
  return std::move(shapes_);
}

void Walk::contradiction(const proto::NodeProto& node) const {
  fail(ErrorKind::Model, "{}: the shapes at one of its {} nodes do not fit; give a face model for this input", name_,
       node.op_type().substr(0, 32));
}

void Walk::require(bool condition, const proto::NodeProto& node) const {
  if (!condition) contradiction(node);
}

void Walk::learn(const std::string& name, const proto::TensorProto& tensor) {
  shapes_[name] = Ints(tensor.dims().begin(), tensor.dims().end());
  if (element_count(shapes_[name], name_) > kMostFolded) return;
  if (tensor.data_type() == proto::TensorProto::INT64) ints_[name] = numbers<int64_t>(tensor, tensor.int64_data());
  if (tensor.data_type() == proto::TensorProto::INT32 && !tensor.has_raw_data()) {
    ints_[name] = Ints(tensor.int32_data().begin(), tensor.int32_data().end());
  }
  if (tensor.data_type() == proto::TensorProto::FLOAT) floats_[name] = numbers<float>(tensor, tensor.float_data());
}

void Walk::set_shape(const proto::NodeProto& node, Ints shape, int output) {
  element_count(shape, name_);
  shapes_[node.output(output)] = std::move(shape);
}

size_t Walk::place(int64_t at, size_t length, const proto::NodeProto& node) const {
  const auto size = static_cast<int64_t>(length);
  require(at >= -size && at < size, node);
  return static_cast<size_t>(at < 0 ? at + size : at);
}

void Walk::visit(proto::NodeProto& node) {
  if (node.op_type() == "Constant") {
    if (const auto* value = attribute(node, "value"); value != nullptr && value->has_t()) {
      learn(node.output(0), value->t());
    }
    return;
  }
  if (fold(node)) return;
  infer(node);
}

void Walk::fill(proto::TensorProto& tensor, const std::string& name, const Ints& values, const Ints& dims) {
  tensor.set_name(name);
  tensor.set_data_type(proto::TensorProto::INT64);
  for (const int64_t side : dims) tensor.add_dims(side);
  tensor.set_raw_data(values.data(), values.size() * sizeof(int64_t));
}

std::string Walk::new_name() {
  std::string name;
  do {
    name = "animate_constant_" + std::to_string(constants_++);
  } while (shapes_.contains(name));
  return name;
}

std::string Walk::new_constant(const Ints& values) {
  std::string name = new_name();
  fill(*graph_.add_initializer(), name, values, {static_cast<int64_t>(values.size())});
  shapes_[name] = {static_cast<int64_t>(values.size())};
  return name;
}

void Walk::replace_folded_nodes() {
  auto& nodes = *graph_.mutable_node();
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(),
                             [&](const proto::NodeProto& node) {
                               return node.output_size() == 1 && folded_.contains(node.output(0));
                             }),
              nodes.end());
  std::unordered_set<std::string> read;
  for (const auto& node : nodes) read.insert(node.input().begin(), node.input().end());
  for (const auto& output : graph_.output()) read.insert(output.name());
  for (const std::string& name : folded_) {
    if (read.contains(name)) fill(*graph_.add_initializer(), name, ints_[name], shapes_[name]);
  }
  check(!nodes.empty(), ErrorKind::Model, "{}: computes nothing from its input; give a face model", name_);
}

}  // namespace animate::onnx

namespace animate::onnx {

Shapes fix_shapes(proto::ModelProto& model, const std::vector<int64_t>& input_shape, const std::string& name) {
  return Walk(model, name).run(input_shape);
}

}  // namespace animate::onnx
