#include "onnx/model.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/file_kind.h"
#include "onnx/checks.h"
#include "onnx/shapes.h"

namespace animate::onnx {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30;

Model::Value value_of(const proto::ValueInfoProto& info) {
  Model::Value value{info.name(), {}};
  for (const auto& side : info.type().tensor_type().shape().dim()) {
    value.shape.push_back(side.has_dim_value() && side.dim_value() > 0 ? side.dim_value() : -1);
  }
  return value;
}

void set_shape(proto::ValueInfoProto& info, const std::vector<int64_t>& shape) {
  auto* type = info.mutable_type()->mutable_tensor_type();
  type->clear_shape();
  for (const int64_t side : shape) type->mutable_shape()->add_dim()->set_dim_value(side);
}

}  // namespace

Model Model::read(const std::filesystem::path& path) {
  require_file(path, "an ONNX model");
  refuse_failed_download(path);
  std::error_code ec;
  const std::uintmax_t size = std::filesystem::file_size(path, ec);
  check(!ec && size <= kLargestFile, ErrorKind::Input, "{}: is larger than any face model (1 GiB); give an ONNX model",
        show(path));
  std::vector<std::byte> bytes(static_cast<size_t>(size));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  check(file.gcount() == static_cast<std::streamsize>(bytes.size()), ErrorKind::Input,
        "{}: cannot be read to its end; copy it again", show(path));
  return parse(bytes, show(path));
}

Model Model::parse(std::span<const std::byte> bytes, std::string shown_name) {
  check(bytes.size() <= kLargestFile, ErrorKind::Input, "{}: is larger than any face model (1 GiB); give an ONNX model",
        shown_name);
  auto proto = std::make_unique<proto::ModelProto>();
  const bool parsed = proto->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  check(parsed && proto->has_graph() && proto->graph().node_size() > 0, ErrorKind::Input,
        "{}: is not an ONNX model, or only a part of one; download it again", shown_name);
  return {std::move(proto), std::move(shown_name)};
}

Model::Model(std::unique_ptr<proto::ModelProto> proto, std::string shown_name)
    : proto_(std::move(proto)), name_(std::move(shown_name)) {
  check_model(*proto_, name_);
  // Old exporters list the weights among the inputs.
  auto& graph = *proto_->mutable_graph();
  const auto is_weight = [&](const proto::ValueInfoProto& input) {
    return std::any_of(graph.initializer().begin(), graph.initializer().end(),
                       [&](const proto::TensorProto& tensor) { return tensor.name() == input.name(); });
  };
  auto& inputs = *graph.mutable_input();
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(), is_weight), inputs.end());
  check(inputs.size() == 1, ErrorKind::Model, "{}: takes {} inputs instead of one picture; give a face model", name_,
        inputs.size());
  check(graph.output_size() > 0, ErrorKind::Model, "{}: has no outputs; give a face model", name_);
  describe();
}

Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

void Model::describe() {
  input_ = value_of(proto_->graph().input(0));
  outputs_.clear();
  for (const auto& output : proto_->graph().output()) outputs_.push_back(value_of(output));
}

std::vector<std::string> Model::first_operations(size_t count) const {
  std::vector<std::string> operations;
  for (const auto& node : proto_->graph().node()) {
    if (operations.size() == count) break;
    operations.push_back(node.op_type());
  }
  return operations;
}

void Model::fix_input(const std::vector<int64_t>& shape) {
  const bool fits = input_.shape.empty() || (input_.shape.size() == shape.size() &&
                                             std::equal(shape.begin(), shape.end(), input_.shape.begin(),
                                                        [](int64_t a, int64_t b) { return b == -1 || a == b; }));
  check(fits, ErrorKind::Model, "{}: its input is fixed to another shape than {}; give the model for that size", name_,
        shown_shape(shape));
  auto& graph = *proto_->mutable_graph();
  set_shape(*graph.mutable_input(0), shape);
  const Shapes shapes = fix_shapes(*proto_, shape, name_);
  // What the file says of values between the nodes spoke of open shapes.
  graph.clear_value_info();
  for (auto& output : *graph.mutable_output()) {
    if (const auto found = shapes.find(output.name()); found != shapes.end()) set_shape(output, found->second);
  }
  describe();
}

std::string Model::bytes() const { return proto_->SerializeAsString(); }

}  // namespace animate::onnx
