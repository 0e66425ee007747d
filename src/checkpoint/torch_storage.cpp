#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "checkpoint/printable.h"
#include "checkpoint/torch_content.h"

namespace animate::checkpoint {
namespace {

using pickle::Id;
using pickle::Tree;

struct StorageClass {
  std::string_view name;
  DType dtype;
};

constexpr std::array kStorageClasses = {
    StorageClass{"DoubleStorage", DType::F64}, StorageClass{"FloatStorage", DType::F32},
    StorageClass{"HalfStorage", DType::F16},   StorageClass{"BFloat16Storage", DType::BF16},
    StorageClass{"LongStorage", DType::I64},   StorageClass{"IntStorage", DType::I32},
    StorageClass{"ShortStorage", DType::I16},  StorageClass{"CharStorage", DType::I8},
    StorageClass{"ByteStorage", DType::U8},    StorageClass{"BoolStorage", DType::Bool},
};

[[noreturn]] void refuse(const std::string& name, std::string_view what) {
  fail(ErrorKind::Model, "{}: {}; download it again from a source you trust", name, what);
}

DType dtype_of(const pickle::Global* storage_class, const std::string& name) {
  if (storage_class == nullptr) refuse(name, "a storage in it has no type");
  const auto* found = std::find_if(kStorageClasses.begin(), kStorageClasses.end(),
                                   [&](const StorageClass& known) { return known.name == storage_class->name; });
  if (storage_class->module != "torch" || found == kStorageClasses.end()) {
    fail(ErrorKind::Model, "{}: holds numbers of the type {}, which is not supported; save it with ordinary types",
         name, in_quotes(storage_class->name));
  }
  return found->dtype;
}

// Very old files put (view key, offset, size) where newer ones have None.
void read_view(const Tree& tree, Id id, StorageRef& ref, const std::string& name) {
  if (tree.get<pickle::None>(id) != nullptr) return;
  const auto* view = tree.get<pickle::Sequence>(id);
  if (view == nullptr || view->items.size() != 3) refuse(name, "a view of a storage in it is malformed");
  const auto* offset = tree.get<int64_t>(view->items[1]);
  const auto* size = tree.get<int64_t>(view->items[2]);
  const bool inside = offset != nullptr && size != nullptr && *offset >= 0 && *size >= 0 && *offset <= ref.numel &&
                      *size <= ref.numel - *offset;
  if (!inside) refuse(name, "a view in it reaches beyond its storage");
  ref.view_offset = *offset;
  ref.view_numel = *size;
}

StorageRef read_ref(const Tree& tree, Id id, const std::string& name) {
  const auto* tuple = tree.get<pickle::Sequence>(id);
  if (tuple == nullptr || tuple->items.empty()) refuse(name, "a reference to a storage in it is malformed");
  const std::vector<Id>& items = tuple->items;
  const auto* kind = tree.get<pickle::Text>(items[0]);
  if (kind != nullptr && kind->value == "module") {
    fail(ErrorKind::Model, "{}: holds a whole pickled module, not its weights; save module.state_dict() instead", name);
  }
  if (kind == nullptr || kind->value != "storage" || items.size() < 5 || items.size() > 6) {
    refuse(name, "a reference to a storage in it is malformed");
  }
  const auto* key = tree.get<pickle::Text>(items[2]);
  const auto* numel = tree.get<int64_t>(items[4]);
  if (key == nullptr || numel == nullptr) refuse(name, "a reference to a storage in it is malformed");
  StorageRef ref{key->value, dtype_of(tree.get<pickle::Global>(items[1]), name), *numel, 0, *numel};
  int64_t bytes = 0;
  if (ref.numel < 0 || __builtin_mul_overflow(ref.numel, static_cast<int64_t>(size_of(ref.dtype)), &bytes)) {
    refuse(name, fmt::format("the storage {} in it has an impossible size", in_quotes(ref.key)));
  }
  if (items.size() == 6) read_view(tree, items[5], ref, name);
  return ref;
}

}  // namespace

StorageRefs storage_refs(const Tree& tree, const std::string& name) {
  StorageRefs refs;
  for (Id id = 0; id < tree.values.size(); ++id) {
    if (const auto* persistent = tree.get<pickle::Persistent>(id))
      refs.emplace(id, read_ref(tree, persistent->id, name));
  }
  return refs;
}

}  // namespace animate::checkpoint
