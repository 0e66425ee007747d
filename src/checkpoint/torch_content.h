#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "checkpoint/content.h"
#include "checkpoint/pickle.h"

namespace animate::checkpoint {

// A storage as a torch pickle refers to it. Counts are in elements; the view is the part that tensors may use,
// all of the storage except in very old files. `key` views the pickle's bytes.
struct StorageRef {
  std::string_view key;
  DType dtype = DType::F32;
  int64_t numel = 0;
  int64_t view_offset = 0;
  int64_t view_numel = 0;

  uint64_t bytes() const { return static_cast<uint64_t>(numel) * size_of(dtype); }
};
using StorageRefs = std::unordered_map<pickle::Id, StorageRef>;  // by the Persistent value's id

// Every storage that the pickle mentions, its counts checked against each other (not against the file).
// Throws Error(Model), also when whole modules were pickled.
StorageRefs storage_refs(const pickle::Tree& tree, const std::string& name);

// Whether the value is a call that rebuilds a tensor (or a parameter round one).
bool is_tensor(const pickle::Tree& tree, const pickle::Call& call);

// The layout that such a call describes: everything checked, and inside the storage. `shown` is the tensor's name.
struct TensorLayout {
  ArrayInfo info;
  pickle::Id storage = 0;  // the Persistent value
  size_t byte_offset = 0;  // from the start of the whole storage
};
TensorLayout tensor_layout(const pickle::Tree& tree, const pickle::Call& call, const StorageRefs& refs,
                           const std::string& shown, const std::string& name);

// Walks the pickled object into named arrays and scalars; the names are dict keys and list positions joined by '.'.
// `index_of` gives the position of a storage in Content::storages, which the caller fills. Bounded whatever the
// object's shape. Throws Error(Model), also when there are no tensors at all.
using StorageIndex = std::function<size_t(const StorageRef&)>;
Content torch_content(const pickle::Tree& tree, const StorageRefs& refs, const StorageIndex& index_of,
                      const std::string& name);

}  // namespace animate::checkpoint
