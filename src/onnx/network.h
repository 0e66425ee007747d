#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/float_array.h"
#include "onnx/model.h"

namespace animate::onnx {

// An ONNX network that runs: one picture in, the graph's outputs out. OpenCV does the work, on the processor.
// One object serves one thread at a time.
class Network {
 public:
  // `input_shape`: all sides, as {1, 3, 640, 640}. Throws as Model::read and fix_input do, and Error(Model) when
  // the graph holds something that the installed OpenCV cannot run.
  static Network load(const std::filesystem::path& path, const std::vector<int64_t>& input_shape);
  Network(Model model, const std::vector<int64_t>& input_shape);

  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  const std::string& name() const;
  // The outputs in the graph's order; a shape is empty where it could not be worked out before running.
  const std::vector<Model::Value>& outputs() const;

  // Error(Internal) for an input of another shape; Error(Model) for outputs that are not finite or not of the shapes
  // that were promised.
  std::vector<FloatArray> forward(const FloatArray& input);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace animate::onnx
