#include "face/onnx_shapes.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "face/onnx_checks.h"

namespace animate {
namespace {

using Ints = std::vector<int64_t>;

constexpr int64_t kMostFolded = 64;  // numbers: shapes are short, weights are not folded

const onnx::AttributeProto* attribute(const onnx::NodeProto& node, std::string_view name) {
  for (const auto& each : node.attribute()) {
    if (each.name() == name) return &each;
  }
  return nullptr;
}

int64_t integer(const onnx::NodeProto& node, std::string_view name, int64_t otherwise) {
  const auto* found = attribute(node, name);
  return found != nullptr ? found->i() : otherwise;
}

std::optional<Ints> integers(const onnx::NodeProto& node, std::string_view name) {
  const auto* found = attribute(node, name);
  if (found == nullptr) return std::nullopt;
  return Ints(found->ints().begin(), found->ints().end());
}

template <typename T, typename List>
std::vector<T> numbers(const onnx::TensorProto& tensor, const List& typed) {
  if (!tensor.has_raw_data()) return {typed.begin(), typed.end()};
  std::vector<T> values(tensor.raw_data().size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(T));
  return values;
}

// One walk through a graph. A "value" is what a name stands for.
class Walk {
 public:
  Walk(onnx::ModelProto& model, const std::string& name) : graph_(*model.mutable_graph()), name_(name) {}

  OnnxShapes run(const Ints& input_shape) {
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
    for (onnx::TensorProto& tensor : spread_) *graph_.add_initializer() = std::move(tensor);
    return std::move(shapes_);
  }

 private:
  [[noreturn]] void contradiction(const onnx::NodeProto& node) const {
    fail(ErrorKind::Model, "{}: the shapes at one of its {} nodes do not fit; give a face model for this input", name_,
         node.op_type().substr(0, 32));
  }

  void require(bool condition, const onnx::NodeProto& node) const {
    if (!condition) contradiction(node);
  }

  void learn(const std::string& name, const onnx::TensorProto& tensor) {
    shapes_[name] = Ints(tensor.dims().begin(), tensor.dims().end());
    if (element_count(shapes_[name], name_) > kMostFolded) return;
    if (tensor.data_type() == onnx::TensorProto::INT64) ints_[name] = numbers<int64_t>(tensor, tensor.int64_data());
    if (tensor.data_type() == onnx::TensorProto::INT32 && !tensor.has_raw_data()) {
      ints_[name] = Ints(tensor.int32_data().begin(), tensor.int32_data().end());
    }
    if (tensor.data_type() == onnx::TensorProto::FLOAT) floats_[name] = numbers<float>(tensor, tensor.float_data());
  }

  const Ints* shape(const onnx::NodeProto& node, int input) const {
    return input < node.input_size() ? find(shapes_, node.input(input)) : nullptr;
  }
  const Ints* ints(const onnx::NodeProto& node, int input) const {
    return input < node.input_size() ? find(ints_, node.input(input)) : nullptr;
  }
  template <typename Map>
  static const typename Map::mapped_type* find(const Map& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? nullptr : &found->second;
  }

  void set_shape(const onnx::NodeProto& node, Ints shape, int output = 0) {
    element_count(shape, name_);
    shapes_[node.output(output)] = std::move(shape);
  }

  // A place along an axis, counted from the end when negative.
  size_t place(int64_t at, size_t length, const onnx::NodeProto& node) const {
    const auto size = static_cast<int64_t>(length);
    require(at >= -size && at < size, node);
    return static_cast<size_t>(at < 0 ? at + size : at);
  }

  void visit(onnx::NodeProto& node) {
    if (node.op_type() == "Constant") {
      if (const auto* value = attribute(node, "value"); value != nullptr && value->has_t()) {
        learn(node.output(0), value->t());
      }
      return;
    }
    if (fold(node)) return;
    infer(node);
  }

  // --- integers that follow from shapes

  bool fold(const onnx::NodeProto& node) {
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
      if (to == onnx::TensorProto::INT64 || to == onnx::TensorProto::INT32) value = *ints(node, 0);
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

  std::optional<Ints> gathered(const onnx::NodeProto& node, bool& scalar) const {
    const Ints* from = ints(node, 0);
    const Ints* places = ints(node, 1);
    if (places == nullptr || integer(node, "axis", 0) != 0) return std::nullopt;
    Ints picked;
    for (const int64_t at : *places) picked.push_back((*from)[place(at, from->size(), node)]);
    scalar = shape(node, 1)->empty();
    return picked;
  }

  std::optional<Ints> sliced(const onnx::NodeProto& node) const {
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
    const auto clip = [&](int64_t at) {
      return std::clamp<int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size);
    };
    const int64_t first = clip(starts->front());
    const int64_t last = std::max(first, clip(ends->front()));
    return Ints(from.begin() + first, from.begin() + last);
  }

  std::optional<Ints> joined(const onnx::NodeProto& node) const {
    Ints all;
    for (int i = 0; i < node.input_size(); ++i) {
      const Ints* part = ints(node, i);
      if (part == nullptr || static_cast<int64_t>(all.size() + part->size()) > kMostFolded) return std::nullopt;
      all.insert(all.end(), part->begin(), part->end());
    }
    return all;
  }

  std::optional<Ints> computed(const onnx::NodeProto& node) const {
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

  // --- shapes

  void infer(onnx::NodeProto& node) {
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

  void infer_broadcast(onnx::NodeProto& node_to_change) {
    const onnx::NodeProto& node = node_to_change;
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

  // Convolution and pooling over two axes.
  void infer_window(const onnx::NodeProto& node, bool has_weight) {
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

  void infer_global_pool(const onnx::NodeProto& node) {
    Ints out = *shape(node, 0);
    for (size_t axis = 2; axis < out.size(); ++axis) out[axis] = 1;
    set_shape(node, std::move(out));
  }

  void infer_concat(const onnx::NodeProto& node) {
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

  void infer_transpose(const onnx::NodeProto& node) {
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

  // The shape that is asked for, with 0 (keep) and -1 (the rest) replaced; written into the graph as a constant.
  void fix_reshape(onnx::NodeProto& node) {
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

  void infer_flatten(const onnx::NodeProto& node) {
    const Ints& in = *shape(node, 0);
    const int64_t axis = integer(node, "axis", 1);
    const auto rank = static_cast<int64_t>(in.size());
    require(axis >= -rank && axis <= rank, node);
    const int64_t split = axis < 0 ? axis + rank : axis;
    const int64_t first = element_count(Ints(in.begin(), in.begin() + split), name_);
    set_shape(node, {first, element_count(Ints(in.begin() + split, in.end()), name_)});
  }

  void infer_resize(const onnx::NodeProto& node) {
    const Ints& in = *shape(node, 0);
    if (const Ints* sizes = ints(node, 3); sizes != nullptr && sizes->size() == in.size()) {
      set_shape(node, *sizes);
      return;
    }
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

  // Over the axes of an attribute, which is how it was written before opset 18.
  void infer_reduction(const onnx::NodeProto& node) {
    const auto axes = integers(node, "axes");
    if (!axes || node.input_size() != 1) return;
    Ints out = *shape(node, 0);
    for (const int64_t axis : *axes) out[place(axis, out.size(), node)] = 1;
    if (integer(node, "keepdims", 1) == 0) {
      Ints sorted = *axes;
      for (int64_t& axis : sorted) axis = static_cast<int64_t>(place(axis, out.size(), node));
      std::sort(sorted.begin(), sorted.end(), std::greater<>());
      require(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), node);
      for (const int64_t axis : sorted) out.erase(out.begin() + axis);
    }
    set_shape(node, std::move(out));
  }

  // Many rows by one matrix.
  void infer_product(const onnx::NodeProto& node) {
    Ints out = *shape(node, 0);
    const Ints* matrix = shape(node, 1);
    if (matrix == nullptr || matrix->size() != 2 || out.size() < 2) return;
    require(out.back() == (*matrix)[0], node);
    out.back() = (*matrix)[1];
    set_shape(node, std::move(out));
  }

  void infer_gemm(const onnx::NodeProto& node) {
    const Ints& left = *shape(node, 0);
    const Ints* right = shape(node, 1);
    if (right == nullptr) return;
    require(left.size() == 2 && right->size() == 2, node);
    const bool turn_left = integer(node, "transA", 0) != 0;
    const bool turn_right = integer(node, "transB", 0) != 0;
    require(left[turn_left ? 0 : 1] == (*right)[turn_right ? 1 : 0], node);
    set_shape(node, {left[turn_left ? 1 : 0], (*right)[turn_right ? 0 : 1]});
  }

  // --- writing

  // OpenCV 4.6 multiplies by one number, by one a channel, or by an array of the same shape; a factor for every place
  // of the last axis, as layer normalisation has, is none of these. Such constants are written out in full.
  void spread_factors(onnx::NodeProto& node) {
    const Ints* out = find(shapes_, node.output(0));
    if (out == nullptr || node.input_size() != 2 || out->size() < 2 || out->back() < 2) return;
    // Bounds for hostile files; ConvNeXt, the largest of the landmark networks, needs 4 million numbers together.
    constexpr int64_t most = 1 << 22;
    constexpr int64_t most_together = 1 << 24;
    const int64_t count = element_count(*out, name_);
    if (count > most || spread_numbers_ + count > most_together) return;
    for (int i = 0; i < 2; ++i) {
      const onnx::TensorProto* tensor = weight(node.input(i));
      if (tensor == nullptr || tensor->data_type() != onnx::TensorProto::FLOAT || tensor->dims_size() == 0) continue;
      const Ints dims(tensor->dims().begin(), tensor->dims().end());
      if (dims == *out || dims.back() != out->back() || element_count(dims, name_) != dims.back()) continue;
      const auto row = numbers<float>(*tensor, tensor->float_data());
      std::string data;
      data.reserve(static_cast<size_t>(count) * sizeof(float));
      for (int64_t done = 0; done < count; done += out->back()) {
        data.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float));
      }
      onnx::TensorProto full;
      full.set_data_type(onnx::TensorProto::FLOAT);
      for (const int64_t side : *out) full.add_dims(side);
      full.set_raw_data(std::move(data));
      full.set_name(new_name());
      shapes_[full.name()] = *out;
      node.set_input(i, full.name());
      spread_.push_back(std::move(full));
      spread_numbers_ += count;
    }
  }

  // Nor can OpenCV 4.6 combine a computed array with one computed number, or with one number for every place of the
  // last axis. The smaller one is written out by a product with ones, which every version can do.
  void spread_values(onnx::NodeProto& node, const Ints& result) {
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
        order.set_type(onnx::AttributeProto::INTS);
        for (const int64_t axis : {0, 2, 3, 1}) order.add_ints(axis);
        node.set_input(i, turned);
      }
    }
  }

  // A new node before the one that is being visited; the name of what it makes.
  std::string insert(const std::string& operation, const std::string& first, const std::string& second) {
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

  std::string ones(int64_t count) {
    onnx::TensorProto tensor;
    tensor.set_data_type(onnx::TensorProto::FLOAT);
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

  // Brings the nodes into the order of order_: what was inserted stands before its user.
  void sort_nodes() {
    google::protobuf::RepeatedPtrField<onnx::NodeProto> sorted;
    sorted.Reserve(static_cast<int>(order_.size()));
    for (const int at : order_) *sorted.Add() = std::move(*graph_.mutable_node(at));
    graph_.mutable_node()->Swap(&sorted);
  }

  const onnx::TensorProto* weight(const std::string& name) const {
    const auto* at = find(weights_, name);
    return at == nullptr ? nullptr : &graph_.initializer(*at);
  }

  static void fill(onnx::TensorProto& tensor, const std::string& name, const Ints& values, const Ints& dims) {
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    for (const int64_t side : dims) tensor.add_dims(side);
    tensor.set_raw_data(values.data(), values.size() * sizeof(int64_t));
  }

  std::string new_name() {
    std::string name;
    do {
      name = "animate_constant_" + std::to_string(constants_++);
    } while (shapes_.contains(name));
    return name;
  }

  std::string new_constant(const Ints& values) {
    std::string name = new_name();
    fill(*graph_.add_initializer(), name, values, {static_cast<int64_t>(values.size())});
    shapes_[name] = {static_cast<int64_t>(values.size())};
    return name;
  }

  // Folded nodes go; what somebody still reads of them becomes a constant.
  void replace_folded_nodes() {
    auto& nodes = *graph_.mutable_node();
    nodes.erase(std::remove_if(nodes.begin(), nodes.end(),
                               [&](const onnx::NodeProto& node) {
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

  onnx::GraphProto& graph_;
  const std::string& name_;
  OnnxShapes shapes_;
  std::unordered_map<std::string, Ints> ints_;
  std::unordered_map<std::string, std::vector<float>> floats_;
  std::unordered_map<std::string, int> weights_;  // where among the initializers
  std::unordered_set<std::string> folded_;
  std::vector<int> order_;  // of the nodes
  std::vector<onnx::TensorProto> spread_;
  int64_t spread_numbers_ = 0;
  int constants_ = 0;
};

}  // namespace

OnnxShapes fix_shapes(onnx::ModelProto& model, const std::vector<int64_t>& input_shape, const std::string& name) {
  return Walk(model, name).run(input_shape);
}

}  // namespace animate
