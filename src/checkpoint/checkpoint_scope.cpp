#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <set>

#include "base/log.h"
#include "checkpoint/checkpoint.h"

namespace animate::checkpoint {
namespace {

// What wrappers of PyTorch put before every name: DataParallel, torch.compile, Lightning modules.
constexpr auto kWrappers = std::to_array<std::string_view>({"module.", "_orig_mod.", "model."});
// Keys of a dict under which programs keep the weights beside other things; averaged weights are the published ones.
constexpr auto kHolders = std::to_array<std::string_view>({"params_ema.", "state_dict."});
// A wrapper in a wrapper in a dict, as in state_dict.module._orig_mod.
constexpr int kDeepest = 4;

bool any_below(const std::vector<std::string>& names, const std::string& prefix) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(prefix); });
}

bool all_below(const std::vector<std::string>& names, const std::string& prefix) {
  return !names.empty() &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(prefix); });
}

// `before`, or what lies behind it and a few wrappers and holders, whichever has arrays below "prefix." first.
std::optional<std::string> find_below(const std::vector<std::string>& names, const std::string& before,
                                      const std::string& prefix, int depth = kDeepest) {
  if (any_below(names, before + prefix)) return before;
  if (depth == 0) return std::nullopt;
  const auto behind = [&](std::string_view word) {
    const std::string longer = before + std::string(word);
    return any_below(names, longer) ? find_below(names, longer, prefix, depth - 1) : std::nullopt;
  };
  for (const std::string_view holder : kHolders) {
    if (const auto found = behind(holder)) return found;
  }
  for (const std::string_view wrapper : kWrappers) {
    if (const auto found = behind(wrapper)) return found;
  }
  return std::nullopt;
}

// What every one of the names below `full` begins with on top of it, or holds the weights among them.
std::string wrappers_below(const std::vector<std::string>& names, const std::string& full) {
  std::vector<std::string> below;
  for (const std::string& name : names) {
    if (name.starts_with(full)) below.push_back(name.substr(full.size()));
  }
  std::string found;
  for (int depth = 0; depth < kDeepest; ++depth) {
    std::string next;
    for (const std::string_view holder : kHolders) {
      if (next.empty() && any_below(below, std::string(holder))) next = holder;
    }
    for (const std::string_view wrapper : kWrappers) {
      if (next.empty() && all_below(below, std::string(wrapper))) next = wrapper;
    }
    if (next.empty()) break;
    found += next;
    std::erase_if(below, [&](const std::string& name) { return !name.starts_with(next); });
    for (std::string& name : below) name.erase(0, next.size());
  }
  return found;
}

// Every network of a file has its scope, and a file may be opened again.
void tell_once(const std::string& file, const std::string& left_out) {
  static std::mutex mutex;
  static std::set<std::pair<std::string, std::string>> told;
  if (left_out.empty()) return;
  const std::lock_guard lock(mutex);
  if (!told.insert({file, left_out}).second) return;
  log::debug("{}: its weights are named with the '{}' of a wrapper, which is left out", file, left_out);
}

}  // namespace

CheckpointScope::CheckpointScope(Checkpoint checkpoint, std::string prefix)
    : checkpoint_(std::move(checkpoint)), prefix_(std::move(prefix)) {
  const std::vector<std::string>& names = checkpoint_.names();
  std::string left_out;
  if (!prefix_.empty()) {
    const std::string dotted = prefix_ + ".";
    left_out = find_below(names, "", dotted).value_or("");
    full_prefix_ = left_out + dotted;
  }
  const std::string wrappers = wrappers_below(names, full_prefix_);
  full_prefix_ += wrappers;
  tell_once(checkpoint_.name(), left_out + wrappers);
  for (const std::string& name : names) {
    if (name.starts_with(full_prefix_)) names_.push_back(name.substr(full_prefix_.size()));
  }
}

CheckpointScope Checkpoint::scope(const std::string& prefix) const { return {*this, prefix}; }

}  // namespace animate::checkpoint
