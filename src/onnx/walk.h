#pragma once

#include <onnx/onnx_pb.h>

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "onnx/shapes.h"

// For the sources of this room only.
namespace animate::onnx {

using Ints = std::vector<int64_t>;

constexpr int64_t kMostFolded = 64;  // numbers: shapes are short, weights are not folded

const proto::AttributeProto* attribute(const proto::NodeProto& node, std::string_view name);
int64_t integer(const proto::NodeProto& node, std::string_view name, int64_t otherwise);
std::optional<Ints> integers(const proto::NodeProto& node, std::string_view name);

// The numbers of a constant, raw or in its own list.
template <typename T, typename List>
std::vector<T> numbers(const proto::TensorProto& tensor, const List& typed) {
  if (!tensor.has_raw_data()) return {typed.begin(), typed.end()};
  std::vector<T> values(tensor.raw_data().size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(T));
  return values;
}

// One walk through a graph, for fix_shapes; its parts lie in three files: what follows from shapes as numbers
// (fold.cpp), the shapes themselves (infer.cpp), what OpenCV must be spared (spread.cpp).
class Walk {
 public:
  Walk(proto::ModelProto& model, const std::string& name) : graph_(*model.mutable_graph()), name_(name) {}
  Shapes run(const Ints& input_shape);

 private:
  [[noreturn]] void contradiction(const proto::NodeProto& node) const;
  void require(bool condition, const proto::NodeProto& node) const;
  void learn(const std::string& name, const proto::TensorProto& tensor);
  const Ints* shape(const proto::NodeProto& node, int input) const {
    return input < node.input_size() ? find(shapes_, node.input(input)) : nullptr;
  }
  const Ints* ints(const proto::NodeProto& node, int input) const {
    return input < node.input_size() ? find(ints_, node.input(input)) : nullptr;
  }
  template <typename Map>
  static const typename Map::mapped_type* find(const Map& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? nullptr : &found->second;
  }
  void set_shape(const proto::NodeProto& node, Ints shape, int output = 0);
  // A place along an axis, counted from the end when negative.
  size_t place(int64_t at, size_t length, const proto::NodeProto& node) const;
  void visit(proto::NodeProto& node);

  // Integers that follow from shapes.
  bool fold(const proto::NodeProto& node);
  std::optional<Ints> gathered(const proto::NodeProto& node, bool& scalar) const;
  std::optional<Ints> sliced(const proto::NodeProto& node) const;
  std::optional<Ints> joined(const proto::NodeProto& node) const;
  std::optional<Ints> computed(const proto::NodeProto& node) const;

  // Shapes.
  void infer(proto::NodeProto& node);
  void infer_broadcast(proto::NodeProto& node_to_change);
  // Convolution and pooling over two axes.
  void infer_window(const proto::NodeProto& node, bool has_weight);
  void infer_global_pool(const proto::NodeProto& node);
  void infer_concat(const proto::NodeProto& node);
  void infer_transpose(const proto::NodeProto& node);
  // The shape that is asked for, with 0 (keep) and -1 (the rest) replaced; written into the graph as a constant.
  void fix_reshape(proto::NodeProto& node);
  void infer_flatten(const proto::NodeProto& node);
  void infer_resize(const proto::NodeProto& node);
  // Over the axes of an attribute, which is how it was written before opset 18.
  void infer_reduction(const proto::NodeProto& node);
  // Many rows by one matrix.
  void infer_product(const proto::NodeProto& node);
  void infer_gemm(const proto::NodeProto& node);

  // OpenCV 4.6 multiplies by one number, by one a channel, or by an array of the same shape; a factor for every place
  // of the last axis, as layer normalisation has, is none of these. Such constants are written out in full.
  void spread_factors(proto::NodeProto& node);
  // Nor can OpenCV 4.6 combine a computed array with one computed number, or with one number for every place of the
  // last axis. The smaller one is written out by a product with ones, which every version can do.
  void spread_values(proto::NodeProto& node, const Ints& result);
  // A new node before the one that is being visited; the name of what it makes.
  std::string insert(const std::string& operation, const std::string& first, const std::string& second);
  std::string ones(int64_t count);
  // Brings the nodes into the order of order_: what was inserted stands before its user.
  void sort_nodes();
  const proto::TensorProto* weight(const std::string& name) const;

  static void fill(proto::TensorProto& tensor, const std::string& name, const Ints& values, const Ints& dims);
  std::string new_name();
  std::string new_constant(const Ints& values);
  // Folded nodes go; what somebody still reads of them becomes a constant.
  void replace_folded_nodes();

  proto::GraphProto& graph_;
  const std::string& name_;
  Shapes shapes_;
  std::unordered_map<std::string, Ints> ints_;
  std::unordered_map<std::string, std::vector<float>> floats_;
  std::unordered_map<std::string, int> weights_;  // where among the initializers
  std::unordered_set<std::string> folded_;
  std::vector<int> order_;  // of the nodes
  std::vector<proto::TensorProto> spread_;
  int64_t spread_numbers_ = 0;
  int constants_ = 0;
};

}  // namespace animate::onnx
