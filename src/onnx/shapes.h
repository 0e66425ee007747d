#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "onnx/proto.h"

namespace animate::onnx {

// The shape of every value whose shape could be worked out.
using Shapes = std::unordered_map<std::string, std::vector<int64_t>>;

// Walks through the graph once with the input's shape known. Small integer values that follow from shapes (Shape,
// Gather, Slice, Concat and their like) become constants and their nodes go; the numbers of every Reshape become
// definite. What a node does that is not known here stays as it is: its outputs just have no shape.
// The model must have passed check_model. Throws Error(Model) where shapes contradict each other.
Shapes fix_shapes(proto::ModelProto& model, const std::vector<int64_t>& input_shape, const std::string& name);

}  // namespace animate::onnx
