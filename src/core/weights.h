#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace animate::core {

// LibTorch's element type for a stored one.
torch::ScalarType to_scalar_type(checkpoint::DType dtype);
checkpoint::DType to_dtype(torch::ScalarType type);

// Copies one stored array into a new tensor on the CPU.
torch::Tensor read_tensor(const checkpoint::CheckpointScope& scope, const std::string& name);

// Fills `target` from a stored array of its shape, converting to its element type. Throws Error(Model) for numbers that
// are not finite; `what` names the network.
void fill_tensor(torch::Tensor& target, const checkpoint::CheckpointScope& scope, const std::string& name,
                 const std::string& what);
// The same from numbers that were read already, of the array `name`.
void fill_tensor(torch::Tensor& target, const torch::Tensor& numbers, const checkpoint::CheckpointScope& scope,
                 const std::string& name, const std::string& what);

// One Error(Model) that lists what does not fit, at most ten of each; nothing where all lists are empty.
void refuse_misfits(const std::string& file, const std::string& what, const std::vector<std::string>& missing,
                    const std::vector<std::string>& unexpected, const std::vector<std::string>& reshaped);

// "[64, 3, 3]", for messages.
std::string shape_text(c10::IntArrayRef shape);

// Names of a module's parameters and buffers in the order of Python's state_dict(): a module's own parameters, its
// own buffers, then its children as they were registered.
std::vector<std::string> state_names(const torch::nn::Module& module);

// Fills every parameter and buffer of `module` from `scope`, converting to the module's element types.
// Strict: throws one Error(Model) that lists missing, unexpected and wrongly shaped names (at most ten of each), and
// refuses weights that are not finite. `what` names the network in the message, as in "kp_detector". Names that start
// with one of `ignored` may be absent from the module, and every num_batches_tracked from the file.
void load_state(torch::nn::Module& module, const checkpoint::CheckpointScope& scope, const std::string& what,
                const std::vector<std::string>& ignored = {});

// Fills what `scope` has under the same name and shape and leaves the rest as it is: where training starts from another
// model. Returns the names left. Throws Error(Model) as load_state for weights that are not finite.
std::vector<std::string> load_matching_state(torch::nn::Module& module, const checkpoint::CheckpointScope& scope,
                                             const std::string& what);

// Writes tensors as safetensors, atomically; tensors are copied to the CPU and made contiguous.
void save_tensors(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
                  const std::map<std::string, std::string>& metadata);

}  // namespace animate::core
