#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "onnx/proto.h"

namespace animate::onnx {

// An ONNX file, read and checked, not run. The bytes are not trusted: whatever a library reads later without looking
// (sizes of weights, names that must exist, steps that divide) is looked at here, and nothing is executed.
class Model {
 public:
  struct Value {
    std::string name;
    std::vector<int64_t> shape;  // -1 where the file leaves a side open; empty where it says nothing
  };

  // Throws Error(Input) for a file that is absent, cut, a failed download or no ONNX at all, Error(Model) for one
  // that keeps its weights in other files, branches, or contradicts itself. At most 1 GiB.
  static Model read(const std::filesystem::path& path);
  // The same for bytes in memory; they are copied. For tests and fuzzing.
  static Model parse(std::span<const std::byte> bytes, std::string shown_name);

  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  ~Model();

  const std::string& name() const { return name_; }  // the path as shown in messages
  const Value& input() const { return input_; }
  const std::vector<Value>& outputs() const { return outputs_; }
  // What the first `count` nodes do, as "Conv".
  std::vector<std::string> first_operations(size_t count) const;

  // Fixes the shape of the input, all sides known, and works out what follows from it: sizes that the graph computes
  // from shapes become constants, every Reshape gets its numbers, the outputs their shapes. OpenCV 4.6 runs no graph
  // with open shapes. Throws Error(Model) when the shape does not fit the graph.
  void fix_input(const std::vector<int64_t>& shape);

  // The file again, as it is now.
  std::string bytes() const;

 private:
  Model(std::unique_ptr<proto::ModelProto> proto, std::string shown_name);
  void describe();

  std::unique_ptr<proto::ModelProto> proto_;
  std::string name_;
  Value input_;
  std::vector<Value> outputs_;
};

}  // namespace animate::onnx
