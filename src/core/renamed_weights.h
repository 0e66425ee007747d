#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <functional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace animate::core {

// In what form a file holds an array that a module has under a name and in a shape of its own.
struct StoredArray {
  enum class Form {
    AsIs,
    Pixelwise,   // a matrix [a, b] as a convolution's [a, b, 1, 1]
    Transposed,  // [a, b] as [b, a]
    FirstThird,  // one of three arrays of this shape, joined along the first axis
    MiddleThird,
    LastThird
  };
  std::string name;
  Form form = Form::AsIs;
};

// From a module's names to the file's: the one place that knows another program's spelling.
using NameTable = std::function<StoredArray(const std::string& name)>;

// An array that a network has to find in its file.
struct ExpectedArray {
  std::string name;            // of the module
  std::vector<int64_t> shape;  // there
  StoredArray stored;
  torch::Tensor target;  // where its numbers go; undefined: they are not needed (core::nn::UnreadArrays)

  std::vector<int64_t> stored_shape() const;
};

// Every parameter and buffer of the module, and its unread arrays, as a table names them.
std::vector<ExpectedArray> expected_arrays(const torch::nn::Module& module, const NameTable& table);

// Throws one Error(Model) for arrays that are missing or of another shape, and for names of the scope that nobody
// expects; names that satisfy `ignored` may be there. Reads headers only. `what` names the network.
void check_arrays(const std::vector<ExpectedArray>& arrays, const checkpoint::CheckpointScope& scope,
                  const std::string& what, const std::function<bool(const std::string& name)>& ignored);

// Fills the targets, one array after the other: half precision is widened on its way, so that beside the network no
// more than one array is in memory. Call check_arrays() first.
void fill_arrays(std::vector<ExpectedArray>& arrays, const checkpoint::CheckpointScope& scope, const std::string& what);

}  // namespace animate::core
