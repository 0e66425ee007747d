#include <string_view>

#include "base/error.h"
#include "checkpoint/printable.h"
#include "checkpoint/torch_content.h"

namespace animate::checkpoint {
namespace {

using pickle::Call;
using pickle::Global;
using pickle::Id;
using pickle::Tree;

constexpr size_t kMaxDimensions = 64;
// A parameter may wrap a tensor; nothing sensible wraps deeper.
constexpr int kMaxWrapping = 8;
// A dimension of stride 0 lets a few bytes of file claim any size; real expanded tensors are small.
constexpr int64_t kMaxExpanded = int64_t{1} << 28;

bool is_rebuild(const Global* callee) {
  return callee != nullptr && callee->module == "torch._utils" &&
         (callee->name == "_rebuild_tensor_v2" || callee->name == "_rebuild_tensor");
}

bool is_parameter(const Global* callee) {
  return callee != nullptr && callee->module == "torch._utils" && callee->name == "_rebuild_parameter";
}

// The call that rebuilds the tensor inside any parameters, or nullptr.
const Call* unwrap(const Tree& tree, const Call* call) {
  for (int depth = 0; call != nullptr && depth < kMaxWrapping; ++depth) {
    if (is_rebuild(tree.callee(*call))) return call;
    const auto* args = tree.get<pickle::Sequence>(call->args);
    if (!is_parameter(tree.callee(*call)) || args == nullptr || args->items.empty()) return nullptr;
    call = tree.get<Call>(args->items[0]);
  }
  return nullptr;
}

// Who is being rebuilt, for the error sentences.
struct Subject {
  const std::string& file;
  const std::string& tensor;

  void require(bool condition, std::string_view what) const {
    if (condition) return;
    fail(ErrorKind::Model, "{}: the tensor {} {}; download it again from a source you trust", file, in_quotes(tensor),
         what);
  }
};

std::vector<int64_t> integers(const Tree& tree, Id id, const Subject& subject, std::string_view malformed) {
  const auto* tuple = tree.get<pickle::Sequence>(id);
  subject.require(tuple != nullptr, malformed);
  subject.require(tuple->items.size() <= kMaxDimensions, "has too many dimensions");
  std::vector<int64_t> values;
  for (const Id item : tuple->items) {
    const auto* value = tree.get<int64_t>(item);
    subject.require(value != nullptr, malformed);
    values.push_back(*value);
  }
  return values;
}

// The element, counted from `offset`, that the last index of every dimension reaches; false on overflow.
bool last_element(const ArrayInfo& info, int64_t offset, int64_t& last) {
  last = offset;
  for (size_t d = 0; d < info.shape.size(); ++d) {
    int64_t reach = 0;
    if (__builtin_mul_overflow(info.shape[d] - 1, info.strides[d], &reach)) return false;
    if (__builtin_add_overflow(last, reach, &last)) return false;
  }
  return true;
}

}  // namespace

bool is_tensor(const Tree& tree, const Call& call) {
  return is_rebuild(tree.callee(call)) || is_parameter(tree.callee(call));
}

TensorLayout tensor_layout(const Tree& tree, const Call& call, const StorageRefs& refs, const std::string& shown,
                           const std::string& name) {
  const Subject subject{name, shown};
  const Call* rebuild = unwrap(tree, &call);
  subject.require(rebuild != nullptr, "is malformed");
  const auto* args = tree.get<pickle::Sequence>(rebuild->args);
  subject.require(args != nullptr && args->items.size() >= 4, "is malformed");

  TensorLayout layout;
  layout.storage = args->items[0];
  const auto found = refs.find(layout.storage);
  subject.require(found != refs.end(), "has no storage");
  const StorageRef& storage = found->second;
  layout.info.dtype = storage.dtype;
  layout.info.shape = integers(tree, args->items[2], subject, "has a malformed size");
  layout.info.strides = integers(tree, args->items[3], subject, "has malformed strides");
  const auto* offset = tree.get<int64_t>(args->items[1]);
  subject.require(offset != nullptr && *offset >= 0, "has a negative or malformed offset");

  const ArrayInfo& info = layout.info;
  subject.require(info.shape.size() == info.strides.size(), "has sizes and strides that differ in number");
  for (const int64_t size : info.shape) subject.require(size >= 0, "has a negative size");
  for (const int64_t stride : info.strides) subject.require(stride >= 0, "has a negative stride");
  const std::optional<int64_t> numel = checked_numel(info.shape);
  int64_t bytes = 0;
  subject.require(numel && !__builtin_mul_overflow(*numel, static_cast<int64_t>(size_of(info.dtype)), &bytes),
                  "has more elements than there are numbers");
  if (*numel == 0) return layout;  // an empty slice may start anywhere

  int64_t last = 0;
  subject.require(last_element(info, *offset, last) && last < storage.view_numel, "reaches beyond its storage");
  subject.require(*numel <= storage.view_numel || bytes <= kMaxExpanded, "is expanded beyond reason");
  layout.byte_offset = static_cast<size_t>(storage.view_offset + *offset) * size_of(info.dtype);
  return layout;
}

}  // namespace animate::checkpoint
