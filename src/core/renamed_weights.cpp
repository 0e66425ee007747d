#include "core/renamed_weights.h"

#include <set>

#include "core/nn/layers.h"
#include "core/weights.h"

namespace animate::core {
namespace {

using Form = StoredArray::Form;

// Which of three joined arrays, or none.
int64_t third_of(Form form) {
  switch (form) {
    case Form::FirstThird: return 0;
    case Form::MiddleThird: return 1;
    case Form::LastThird: return 2;
    default: return -1;
  }
}

torch::Tensor unpacked(const torch::Tensor& stored, const ExpectedArray& array) {
  switch (array.stored.form) {
    case Form::AsIs: return stored;
    case Form::Pixelwise: return stored.view(array.shape);
    case Form::Transposed: return stored.t();
    default: return stored.chunk(3, 0)[static_cast<size_t>(third_of(array.stored.form))];
  }
}

void collect_unread(const torch::nn::Module& module, const std::string& prefix, const NameTable& table,
                    std::vector<ExpectedArray>& arrays) {
  if (const auto* owner = dynamic_cast<const nn::UnreadArrays*>(&module)) {
    for (const auto& array : owner->unread()) {
      const std::string name = prefix + array.name;
      arrays.push_back({name, array.shape, table(name), {}});
    }
  }
  for (const auto& item : module.named_children()) {
    collect_unread(*item.value(), prefix + item.key() + ".", table, arrays);
  }
}

}  // namespace

std::vector<int64_t> ExpectedArray::stored_shape() const {
  std::vector<int64_t> there = shape;
  switch (stored.form) {
    case Form::AsIs: break;
    case Form::Pixelwise: there.insert(there.end(), {1, 1}); break;
    case Form::Transposed: std::swap(there[0], there[1]); break;
    default: there[0] *= 3;
  }
  return there;
}

std::vector<ExpectedArray> expected_arrays(const torch::nn::Module& module, const NameTable& table) {
  std::vector<ExpectedArray> arrays;
  const auto add = [&](const std::string& name, const torch::Tensor& target) {
    arrays.push_back({name, target.sizes().vec(), table(name), target});
  };
  for (const auto& item : module.named_parameters()) add(item.key(), item.value());
  for (const auto& item : module.named_buffers()) add(item.key(), item.value());
  collect_unread(module, "", table, arrays);
  return arrays;
}

void check_arrays(const std::vector<ExpectedArray>& arrays, const checkpoint::CheckpointScope& scope,
                  const std::string& what, const std::function<bool(const std::string& name)>& ignored) {
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
  std::vector<std::string> reshaped;
  std::set<std::string> known;
  for (const ExpectedArray& array : arrays) {
    const std::string& name = array.stored.name;
    const bool first = known.insert(name).second;
    if (!scope.contains(name)) {
      if (first) missing.push_back(name);
    } else if (const auto there = array.stored_shape(); first && scope.info(name).shape != there) {
      reshaped.push_back(name + " is " + shape_text(scope.info(name).shape) + ", the config asks for " +
                         shape_text(there));
    }
  }
  for (const std::string& name : scope.names()) {
    if (!known.contains(name) && !ignored(name)) unexpected.push_back(name);
  }
  refuse_misfits(scope.checkpoint().name(), what, missing, unexpected, reshaped);
}

void fill_arrays(std::vector<ExpectedArray>& arrays, const checkpoint::CheckpointScope& scope,
                 const std::string& what) {
  for (ExpectedArray& array : arrays) {
    if (!array.target.defined()) continue;
    const std::string& name = array.stored.name;
    if (array.stored.form == Form::AsIs) {
      fill_tensor(array.target, scope, name, what);
    } else {
      fill_tensor(array.target, unpacked(read_tensor(scope, name), array), scope, name, what);
    }
  }
}

}  // namespace animate::core
