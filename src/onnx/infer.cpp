#include "onnx/walk.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "onnx/checks.h"

// Shapes of a node's outputs from the shapes of its inputs, for the operators that face networks are made of (ONNX's
// Operators.md defines each). Nodes are visited in order, so inputs are known before their users.
//
//   shapes_   name of a value -> its shape              set_shape() adds to it
//   ints_     name -> integers known as numbers         from constants, or folded from shapes (fold.cpp)
//   floats_   name -> floats of constants               such as the scales of Resize
//
// Two cases are told apart. Unknown: an operator or an input that this file does not know; the output stays without a
// shape and the walk goes on. Contradiction: shapes that cannot be meant, as in a damaged or hostile file; require()
// throws. No arithmetic on numbers of the file may overflow before such a check.
namespace animate::onnx {

void Walk::infer(proto::NodeProto& node) {
  // Operators whose output has the shape of their first input.
  static const std::unordered_set<std::string> same = {"Relu",      "LeakyRelu", "PRelu",
                                                       "Sigmoid",   "Tanh",      "BatchNormalization",
                                                       "Identity",  "Cast",      "Dropout",
                                                       "Clip",      "Exp",       "Sqrt",
                                                       "Erf",       "Softmax",   "HardSigmoid",
                                                       "HardSwish", "Elu",       "Abs",
                                                       "Neg",       "Log",       "InstanceNormalization"};
  static const std::unordered_set<std::string> broadcast = {"Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum"};
  const std::string& op = node.op_type();
  const Ints* in = shape(node, 0);
  if (in == nullptr) return;
  if (same.contains(op))
    set_shape(node, *in);
  else if (broadcast.contains(op))
    infer_broadcast(node);
  else if (op == "Conv")
    infer_window(node, true);
  else if (op == "MaxPool" || op == "AveragePool")
    infer_window(node, false);
  else if (op == "GlobalAveragePool")
    infer_global_pool(node);
  else if (op == "Concat")
    infer_concat(node);
  else if (op == "Transpose")
    infer_transpose(node);
  else if (op == "Reshape")
    fix_reshape(node);
  else if (op == "Flatten")
    infer_flatten(node);
  else if (op == "Resize" || op == "Upsample")
    infer_resize(node);
  else if (op == "Gemm")
    infer_gemm(node);
  else if (op == "MatMul")
    infer_product(node);
  else if (op == "ReduceMean" || op == "ReduceSum" || op == "ReduceL2" || op == "ReduceMax")
    infer_reduction(node);
  if (op == "Mul" || op == "Div") spread_factors(node);
}

// NumPy's rule: shapes are aligned at their last axis, missing axes count as 1, and a 1 stretches.
//
//      [1, 64, 1, 1]
//          [64, 20, 20]      ->  [1, 64, 20, 20]
void Walk::infer_broadcast(proto::NodeProto& node_to_change) {
  const proto::NodeProto& node = node_to_change;
  Ints result;
  for (int i = 0; i < node.input_size(); ++i) {
    const Ints* in = shape(node, i);
    if (in == nullptr) return;
    if (in->size() > result.size()) result.insert(result.begin(), in->size() - result.size(), 1);
    const size_t offset = result.size() - in->size();
    for (size_t k = 0; k < in->size(); ++k) {
      int64_t& side = result[offset + k];
      require(side == (*in)[k] || side == 1 || (*in)[k] == 1, node);
      if (side == 1) side = (*in)[k];
    }
  }
  const std::string& op = node.op_type();
  if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") spread_values(node_to_change, result);
  set_shape(node_to_change, std::move(result));
}

// out = floor((in + pad before + pad after - (dilation * (kernel - 1) + 1)) / stride) + 1, or ceil where the model says
// so; SAME: ceil(in / stride). Shapes are [batch, channels, height, width], pads [top, left, bottom, right].
void Walk::infer_window(const proto::NodeProto& node, bool has_weight) {
  const Ints& in = *shape(node, 0);
  if (in.size() != 4) return;
  int64_t channels = in[1];
  auto kernel = integers(node, "kernel_shape");
  if (has_weight) {
    const Ints* weight = shape(node, 1);
    if (weight == nullptr) return;
    require(weight->size() == 4, node);
    require((*weight)[1] * integer(node, "group", 1) == channels, node);
    if (!kernel) kernel = Ints{(*weight)[2], (*weight)[3]};
    require(*kernel == Ints({(*weight)[2], (*weight)[3]}), node);
    channels = (*weight)[0];
  }
  require(kernel && kernel->size() == 2, node);
  const Ints strides = integers(node, "strides").value_or(Ints{1, 1});
  const Ints dilations = integers(node, "dilations").value_or(Ints{1, 1});
  Ints pads = integers(node, "pads").value_or(Ints{0, 0, 0, 0});
  require(strides.size() == 2 && dilations.size() == 2 && pads.size() == 4, node);
  const auto* automatic = attribute(node, "auto_pad");
  const bool same_size = automatic != nullptr && automatic->s().starts_with("SAME");
  const bool up = integer(node, "ceil_mode", 0) != 0;
  Ints out{in[0], channels, 0, 0};
  for (size_t axis = 0; axis < 2; ++axis) {
    const int64_t stride = strides[axis];
    if (same_size) {
      out[axis + 2] = (in[axis + 2] + stride - 1) / stride;
      continue;
    }
    constexpr int64_t most = 1 << 20;
    require(pads[axis] >= 0 && pads[axis + 2] >= 0 && pads[axis] <= most && pads[axis + 2] <= most, node);
    const int64_t covered = in[axis + 2] + pads[axis] + pads[axis + 2] - dilations[axis] * ((*kernel)[axis] - 1) - 1;
    require(covered >= 0, node);
    out[axis + 2] = (covered + (up ? stride - 1 : 0)) / stride + 1;
  }
  set_shape(node, std::move(out));
}

void Walk::infer_global_pool(const proto::NodeProto& node) {
  Ints out = *shape(node, 0);
  for (size_t axis = 2; axis < out.size(); ++axis) out[axis] = 1;
  set_shape(node, std::move(out));
}

void Walk::infer_concat(const proto::NodeProto& node) {
  Ints out = *shape(node, 0);
  const size_t axis = place(integer(node, "axis", 1), out.size(), node);
  for (int i = 1; i < node.input_size(); ++i) {
    const Ints* in = shape(node, i);
    if (in == nullptr) return;
    require(in->size() == out.size(), node);
    for (size_t k = 0; k < out.size(); ++k) require(k == axis || out[k] == (*in)[k], node);
    out[axis] += (*in)[axis];
    require(out[axis] <= int64_t{1} << 31, node);
  }
  set_shape(node, std::move(out));
}

// Without `perm` the axes are turned round. Otherwise it must name each axis once, which sorting shows.
void Walk::infer_transpose(const proto::NodeProto& node) {
  const Ints& in = *shape(node, 0);
  const auto order = integers(node, "perm");
  Ints out(in.rbegin(), in.rend());
  if (order) {
    require(order->size() == in.size(), node);
    Ints seen = *order;
    std::sort(seen.begin(), seen.end());
    for (size_t i = 0; i < in.size(); ++i) {
      require(seen[i] == static_cast<int64_t>(i), node);
      out[i] = in[place((*order)[i], in.size(), node)];
    }
  }
  set_shape(node, std::move(out));
}

// 0 keeps the side of the input, one -1 takes what is left. The result is written back as plain numbers:
//
//   input [1, 2, 20, 20], wanted [0, -1, 10]  ->  [1, 80, 10]
//
// Each factor is compared with the count of elements before it is multiplied, so `known` stays small.
void Walk::fix_reshape(proto::NodeProto& node) {
  const Ints* wanted = ints(node, 1);
  if (wanted == nullptr) return;
  const Ints& in = *shape(node, 0);
  const int64_t count = element_count(in, name_);
  Ints out = *wanted;
  int64_t known = 1;
  std::optional<size_t> open;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0 && integer(node, "allowzero", 0) == 0) {
      require(i < in.size(), node);
      out[i] = in[i];
    }
    if (out[i] == -1) {
      require(!open, node);
      open = i;
      continue;
    }
    require(out[i] >= 0 && out[i] <= count, node);
    known *= out[i];
    require(known <= std::max<int64_t>(count, 1), node);
  }
  if (open) {
    require(known > 0 && count % known == 0, node);
    out[*open] = count / known;
  }
  require(element_count(out, name_) == count, node);
  if (out != *wanted || folded_.contains(node.input(1))) node.set_input(1, new_constant(out));
  set_shape(node, std::move(out));
}

void Walk::infer_flatten(const proto::NodeProto& node) {
  const Ints& in = *shape(node, 0);
  const int64_t axis = integer(node, "axis", 1);
  const auto rank = static_cast<int64_t>(in.size());
  require(axis >= -rank && axis <= rank, node);
  const int64_t split = axis < 0 ? axis + rank : axis;
  const int64_t first = element_count(Ints(in.begin(), in.begin() + split), name_);
  set_shape(node, {first, element_count(Ints(in.begin() + split, in.end()), name_)});
}

void Walk::infer_resize(const proto::NodeProto& node) {
  const Ints& in = *shape(node, 0);
  if (const Ints* sizes = ints(node, 3); sizes != nullptr && sizes->size() == in.size()) {
    set_shape(node, *sizes);
    return;
  }
  // Inputs of Resize: X, roi, scales, sizes (from opset 11); of Upsample and the older Resize: X, scales.
  const int at = node.op_type() == "Resize" && node.input_size() > 2 ? 2 : 1;
  const auto* scales = at < node.input_size() ? find(floats_, node.input(at)) : nullptr;
  if (scales == nullptr || scales->size() != in.size()) return;
  Ints out = in;
  for (size_t i = 0; i < out.size(); ++i) {
    const double side = std::floor(static_cast<double>(in[i]) * static_cast<double>((*scales)[i]));
    require(side >= 0 && side < 1e9, node);
    out[i] = static_cast<int64_t>(side);
  }
  set_shape(node, std::move(out));
}

void Walk::infer_reduction(const proto::NodeProto& node) {
  const auto axes = integers(node, "axes");
  if (!axes || node.input_size() != 1) return;
  Ints out = *shape(node, 0);
  for (const int64_t axis : *axes) out[place(axis, out.size(), node)] = 1;
  if (integer(node, "keepdims", 1) == 0) {
    Ints sorted = *axes;
    for (int64_t& axis : sorted) axis = static_cast<int64_t>(place(axis, out.size(), node));
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    require(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), node);
    // From the last axis to the first, so that places still to be erased do not move.
    for (const int64_t axis : sorted) out.erase(out.begin() + axis);
  }
  set_shape(node, std::move(out));
}

void Walk::infer_product(const proto::NodeProto& node) {
  Ints out = *shape(node, 0);
  const Ints* matrix = shape(node, 1);
  if (matrix == nullptr || matrix->size() != 2 || out.size() < 2) return;
  require(out.back() == (*matrix)[0], node);
  out.back() = (*matrix)[1];
  set_shape(node, std::move(out));
}

void Walk::infer_gemm(const proto::NodeProto& node) {
  const Ints& left = *shape(node, 0);
  const Ints* right = shape(node, 1);
  if (right == nullptr) return;
  require(left.size() == 2 && right->size() == 2, node);
  const bool turn_left = integer(node, "transA", 0) != 0;
  const bool turn_right = integer(node, "transB", 0) != 0;
  require(left[turn_left ? 0 : 1] == (*right)[turn_right ? 1 : 0], node);
  set_shape(node, {left[turn_left ? 1 : 0], (*right)[turn_right ? 0 : 1]});
}

}  // namespace animate::onnx
