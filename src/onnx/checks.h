#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "onnx/proto.h"

namespace animate::onnx {

// Looks at everything in a freshly parsed model that OpenCV's importer takes on trust: that every weight has as many
// bytes as its shape says, that nothing lies in other files, that every node's inputs were made before it, that
// strides, groups and kernels are positive. Throws Error(Model) with `name` in front.
void check_model(const proto::ModelProto& model, const std::string& name);

// The product of the sides; Error(Model) for a negative side and above 2^30 numbers, which no face network needs.
int64_t element_count(const std::vector<int64_t>& shape, const std::string& name);

// "1x3x640x640".
std::string shown_shape(const std::vector<int64_t>& shape);

}  // namespace animate::onnx
