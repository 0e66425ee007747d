#include "onnx/walk.h"

#include <algorithm>
#include <cstdlib>

namespace animate::onnx {

bool Walk::fold(const proto::NodeProto& node) {
  if (node.output_size() != 1 || node.input_size() == 0) return false;
  std::optional<Ints> value;
  bool scalar = false;
  const std::string& op = node.op_type();
  if (op == "Shape") {
    const Ints* of = shape(node, 0);
    if (of == nullptr || attribute(node, "start") != nullptr || attribute(node, "end") != nullptr) return false;
    value = *of;
  } else if (ints(node, 0) == nullptr) {
    return false;
  } else if (op == "Gather") {
    value = gathered(node, scalar);
  } else if (op == "Slice") {
    value = sliced(node);
  } else if (op == "Concat") {
    value = joined(node);
  } else if (op == "Unsqueeze" || op == "Identity" || op == "Floor" || op == "Ceil") {
    value = *ints(node, 0);
    scalar = op != "Unsqueeze" && shapes_[node.input(0)].empty();
  } else if (op == "Squeeze") {
    value = *ints(node, 0);
    scalar = value->size() == 1;
  } else if (op == "Cast") {
    const int64_t to = integer(node, "to", 0);
    if (to == proto::TensorProto::INT64 || to == proto::TensorProto::INT32) value = *ints(node, 0);
    scalar = shapes_[node.input(0)].empty();
  } else if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
    value = computed(node);
    scalar = shapes_[node.input(0)].empty() && node.input_size() > 1 && shapes_[node.input(1)].empty();
  }
  if (!value || static_cast<int64_t>(value->size()) > kMostFolded) return false;
  shapes_[node.output(0)] = scalar ? Ints() : Ints{static_cast<int64_t>(value->size())};
  ints_[node.output(0)] = std::move(*value);
  folded_.insert(node.output(0));
  return true;
}

std::optional<Ints> Walk::gathered(const proto::NodeProto& node, bool& scalar) const {
  const Ints* from = ints(node, 0);
  const Ints* places = ints(node, 1);
  if (places == nullptr || integer(node, "axis", 0) != 0) return std::nullopt;
  Ints picked;
  for (const int64_t at : *places) picked.push_back((*from)[place(at, from->size(), node)]);
  scalar = shape(node, 1)->empty();
  return picked;
}

std::optional<Ints> Walk::sliced(const proto::NodeProto& node) const {
  const Ints& from = *ints(node, 0);
  // Before opset 10 the limits are attributes.
  const auto limit = [&](const char* name, int input) -> std::optional<Ints> {
    if (ints(node, input) != nullptr) return *ints(node, input);
    return integers(node, name);
  };
  const auto starts = limit("starts", 1);
  const auto ends = limit("ends", 2);
  const Ints* steps = ints(node, 4);
  if (!starts || !ends || starts->size() != 1 || ends->size() != 1) return std::nullopt;
  if (node.input_size() > 4 && (steps == nullptr || *steps != Ints{1})) return std::nullopt;
  const auto size = static_cast<int64_t>(from.size());
  const auto clip = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size); };
  const int64_t first = clip(starts->front());
  const int64_t last = std::max(first, clip(ends->front()));
  return Ints(from.begin() + first, from.begin() + last);
}

std::optional<Ints> Walk::joined(const proto::NodeProto& node) const {
  Ints all;
  for (int i = 0; i < node.input_size(); ++i) {
    const Ints* part = ints(node, i);
    if (part == nullptr || static_cast<int64_t>(all.size() + part->size()) > kMostFolded) return std::nullopt;
    all.insert(all.end(), part->begin(), part->end());
  }
  return all;
}

std::optional<Ints> Walk::computed(const proto::NodeProto& node) const {
  const Ints* right = ints(node, 1);
  if (right == nullptr || right->empty()) return std::nullopt;
  const Ints& left = *ints(node, 0);
  if (left.size() != right->size() && left.size() != 1 && right->size() != 1) return std::nullopt;
  Ints result;
  for (size_t i = 0; i < std::max(left.size(), right->size()) && !left.empty(); ++i) {
    const int64_t a = left[left.size() == 1 ? 0 : i];
    const int64_t b = (*right)[right->size() == 1 ? 0 : i];
    constexpr int64_t most = int64_t{1} << 31;  // products then fit
    require(std::abs(std::clamp(a, -most - 1, most + 1)) <= most, node);
    require(std::abs(std::clamp(b, -most - 1, most + 1)) <= most, node);
    switch (node.op_type()[0]) {
      case 'A': result.push_back(a + b); break;
      case 'S': result.push_back(a - b); break;
      case 'M': result.push_back(a * b); break;
      default: require(b != 0, node); result.push_back(a / b);
    }
  }
  return result;
}

}  // namespace animate::onnx
