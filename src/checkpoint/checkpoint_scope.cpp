#include <algorithm>

#include "checkpoint/checkpoint.h"

namespace animate::checkpoint {

CheckpointScope::CheckpointScope(Checkpoint checkpoint, std::string prefix)
    : checkpoint_(std::move(checkpoint)), prefix_(std::move(prefix)) {
  constexpr std::string_view wrapper = "module.";
  if (!prefix_.empty()) full_prefix_ = prefix_ + ".";
  for (const std::string& name : checkpoint_.names()) {
    if (name.starts_with(full_prefix_)) names_.push_back(name.substr(full_prefix_.size()));
  }
  const bool wrapped = !names_.empty() && std::all_of(names_.begin(), names_.end(), [&](const std::string& name) {
    return name.starts_with(wrapper);
  });
  if (!wrapped) return;
  full_prefix_ += wrapper;
  for (std::string& name : names_) name.erase(0, wrapper.size());
}

CheckpointScope Checkpoint::scope(const std::string& prefix) const { return {*this, prefix}; }

}  // namespace animate::checkpoint
