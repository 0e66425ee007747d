#include "onnx/checks.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "base/error.h"

namespace animate::onnx {
namespace {

constexpr int kMostNodes = 100'000;
constexpr int64_t kMostElements = int64_t{1} << 30;

struct Kind {
  int64_t bytes;  // a number, in raw data
  int64_t typed;  // numbers in the list for this type
};

Kind kind_of(const proto::TensorProto& tensor, const std::string& name) {
  switch (tensor.data_type()) {
    case proto::TensorProto::FLOAT: return {4, tensor.float_data_size()};
    case proto::TensorProto::DOUBLE: return {8, tensor.double_data_size()};
    case proto::TensorProto::INT64: return {8, tensor.int64_data_size()};
    case proto::TensorProto::INT32: return {4, tensor.int32_data_size()};
    case proto::TensorProto::FLOAT16: return {2, tensor.int32_data_size()};
    case proto::TensorProto::INT8:
    case proto::TensorProto::UINT8:
    case proto::TensorProto::BOOL: return {1, tensor.int32_data_size()};
    default:
      fail(ErrorKind::Model, "{}: holds numbers of the unknown type {}; give a single-precision face model", name,
           tensor.data_type());
  }
}

void check_tensor(const proto::TensorProto& tensor, const std::string& name) {
  check(tensor.data_location() != proto::TensorProto::EXTERNAL && tensor.external_data_size() == 0, ErrorKind::Model,
        "{}: keeps its weights in other files; give a model in one file", name);
  const std::vector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  const int64_t count = element_count(shape, name);
  const Kind kind = kind_of(tensor, name);
  const bool whole = tensor.has_raw_data() ? static_cast<int64_t>(tensor.raw_data().size()) == count * kind.bytes
                                           : kind.typed == count;
  check(whole, ErrorKind::Model, "{}: a weight has not as many numbers as its shape says; download it again", name);
}

// Attributes that OpenCV divides by or allocates by.
void check_numbers(const proto::AttributeProto& attribute, const std::string& name) {
  constexpr int64_t largest = 1 << 20;
  const std::string_view what = attribute.name();
  if (what == "strides" || what == "dilations" || what == "kernel_shape") {
    const bool sane = std::all_of(attribute.ints().begin(), attribute.ints().end(),
                                  [](int64_t value) { return value > 0 && value <= largest; });
    check(sane && attribute.ints_size() <= 3, ErrorKind::Model, "{}: has {} that make no sense; download it again",
          name, what);
  }
  if (what == "group") {
    check(attribute.i() > 0 && attribute.i() <= largest, ErrorKind::Model,
          "{}: has a group that makes no sense; download it again", name);
  }
}

void check_node(const proto::NodeProto& node, const std::string& name) {
  check(node.output_size() > 0, ErrorKind::Model, "{}: a node has no output; download it again", name);
  for (const auto& attribute : node.attribute()) {
    check(!attribute.has_g() && attribute.graphs_size() == 0, ErrorKind::Model,
          "{}: branches while it runs, which is not supported; give a face model without control flow", name);
    if (attribute.has_t()) check_tensor(attribute.t(), name);
    for (const auto& tensor : attribute.tensors()) check_tensor(tensor, name);
    check_numbers(attribute, name);
  }
}

}  // namespace

int64_t element_count(const std::vector<int64_t>& shape, const std::string& name) {
  int64_t count = 1;
  for (const int64_t side : shape) {
    check(side >= 0 && side <= kMostElements, ErrorKind::Model,
          "{}: holds an array of an absurd shape; download it again", name);
    count *= side;
    check(count <= kMostElements, ErrorKind::Model, "{}: holds an array of an absurd shape; download it again", name);
  }
  return count;
}

std::string shown_shape(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t side : shape) {
    if (!text.empty()) text += 'x';
    text += side < 0 ? "?" : std::to_string(side);
  }
  return text.empty() ? "?" : text;
}

void check_model(const proto::ModelProto& model, const std::string& name) {
  const auto& graph = model.graph();
  check(graph.node_size() <= kMostNodes, ErrorKind::Model, "{}: has {} nodes, which no face model has; give another",
        name, graph.node_size());
  check(graph.sparse_initializer_size() == 0, ErrorKind::Model,
        "{}: has sparse weights, which are not supported; give another", name);
  std::unordered_set<std::string> known{""};  // an input that is left out has no name
  for (const auto& input : graph.input()) known.insert(input.name());
  for (const auto& tensor : graph.initializer()) {
    check_tensor(tensor, name);
    known.insert(tensor.name());
  }
  for (const auto& node : graph.node()) {
    check_node(node, name);
    for (const auto& input : node.input()) {
      check(known.contains(input), ErrorKind::Model,
            "{}: a node uses a value that is not made before it; download it again", name);
    }
    for (const auto& output : node.output()) {
      check(output.empty() || known.insert(output).second, ErrorKind::Model,
            "{}: two nodes make the same value; download it again", name);
    }
  }
  for (const auto& output : graph.output()) {
    check(!output.name().empty() && known.contains(output.name()), ErrorKind::Model,
          "{}: an output is made by no node; download it again", name);
  }
}

}  // namespace animate::onnx
