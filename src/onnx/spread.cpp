#include "onnx/walk.h"

#include <algorithm>

#include "onnx/checks.h"

namespace animate::onnx {

void Walk::spread_factors(proto::NodeProto& node) {
  const Ints* out = find(shapes_, node.output(0));
  if (out == nullptr || node.input_size() != 2 || out->size() < 2 || out->back() < 2) return;
  // Bounds for hostile files; ConvNeXt, the largest of the landmark networks, needs 4 million numbers together.
  constexpr int64_t most = 1 << 22;
  constexpr int64_t most_together = 1 << 24;
  const int64_t count = element_count(*out, name_);
  if (count > most || spread_numbers_ + count > most_together) return;
  for (int i = 0; i < 2; ++i) {
    const proto::TensorProto* tensor = weight(node.input(i));
    if (tensor == nullptr || tensor->data_type() != proto::TensorProto::FLOAT || tensor->dims_size() == 0) continue;
    const Ints dims(tensor->dims().begin(), tensor->dims().end());
    if (dims == *out || dims.back() != out->back() || element_count(dims, name_) != dims.back()) continue;
    const auto row = numbers<float>(*tensor, tensor->float_data());
    std::string data;
    data.reserve(static_cast<size_t>(count) * sizeof(float));
    for (int64_t done = 0; done < count; done += out->back()) {
      data.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float));
    }
    proto::TensorProto full;
    full.set_data_type(proto::TensorProto::FLOAT);
    for (const int64_t side : *out) full.add_dims(side);
    full.set_raw_data(std::move(data));
    full.set_name(new_name());
    shapes_[full.name()] = *out;
    node.set_input(i, full.name());
    spread_.push_back(std::move(full));
    spread_numbers_ += count;
  }
}

void Walk::spread_values(proto::NodeProto& node, const Ints& result) {
  if (node.input_size() != 2 || result.size() < 2 || weight(node.input(0)) != nullptr ||
      weight(node.input(1)) != nullptr) {
    return;
  }
  const int64_t count = element_count(result, name_);
  for (int i = 0; i < 2; ++i) {
    const Ints* in = shape(node, i);
    if (in == nullptr || *in == result || in->empty()) continue;
    const int64_t numbers_in = element_count(*in, name_);
    const bool row = numbers_in == in->back() && in->back() == result.back() && result.size() == 4 && result[0] == 1;
    constexpr int64_t most = 1 << 22;
    if ((numbers_in != 1 && !row) || count == 0 || count > most || spread_numbers_ + count > 4 * most) continue;
    const std::string column = insert("Reshape", node.input(i), new_constant({numbers_in, 1}));
    const std::string product = insert("MatMul", column, ones(count / numbers_in));
    if (numbers_in == 1) {
      node.set_input(i, insert("Reshape", product, new_constant(result)));
    } else {
      const std::string planes = insert("Reshape", product, new_constant({1, result[3], result[1], result[2]}));
      const std::string turned = insert("Transpose", planes, "");
      auto& order = *graph_.mutable_node(graph_.node_size() - 1)->add_attribute();
      order.set_name("perm");
      order.set_type(proto::AttributeProto::INTS);
      for (const int64_t axis : {0, 2, 3, 1}) order.add_ints(axis);
      node.set_input(i, turned);
    }
  }
}

std::string Walk::insert(const std::string& operation, const std::string& first, const std::string& second) {
  std::string output = new_name();
  order_.push_back(graph_.node_size());
  auto& node = *graph_.add_node();
  node.set_op_type(operation);
  node.set_name(output);
  node.add_input(first);
  if (!second.empty()) node.add_input(second);
  node.add_output(output);
  shapes_[output] = {};  // taken; nobody asks for its shape
  return output;
}

std::string Walk::ones(int64_t count) {
  proto::TensorProto tensor;
  tensor.set_data_type(proto::TensorProto::FLOAT);
  tensor.add_dims(1);
  tensor.add_dims(count);
  const std::vector<float> values(static_cast<size_t>(count), 1.0F);
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  tensor.set_name(new_name());
  shapes_[tensor.name()] = {1, count};
  spread_.push_back(std::move(tensor));
  spread_numbers_ += count;
  return spread_.back().name();
}

void Walk::sort_nodes() {
  google::protobuf::RepeatedPtrField<proto::NodeProto> sorted;
  sorted.Reserve(static_cast<int>(order_.size()));
  for (const int at : order_) *sorted.Add() = std::move(*graph_.mutable_node(at));
  graph_.mutable_node()->Swap(&sorted);
}

const proto::TensorProto* Walk::weight(const std::string& name) const {
  const auto* at = find(weights_, name);
  return at == nullptr ? nullptr : &graph_.initializer(*at);
}

}  // namespace animate::onnx
