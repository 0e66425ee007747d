#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/array.h"

namespace animate::checkpoint {

class CheckpointScope;

// A weight file of any format, open for reading: names and layouts at once, numbers when asked for. The file is
// mapped, not loaded. Immutable after open, cheap to copy, and safe for any number of reading threads.
class Checkpoint {
 public:
  enum class Format { Safetensors, TorchZip, TorchLegacy, Npz };

  // The format is told by content, never by suffix. Nothing that the file contains is executed.
  // Throws Error(Input) for a missing, cut or damaged file, Error(Model) for content that cannot be accepted.
  static Checkpoint open(const std::filesystem::path& path);
  // The same for bytes in memory, which must outlive every copy: for tests and fuzzing.
  static Checkpoint parse(std::span<const std::byte> bytes, std::string shown_name);

  const std::string& name() const;  // the path as shown in messages
  Format format() const;

  // Arrays in file order. Keys of nested dicts and positions in lists are joined by '.', as in
  // "generator.first.conv.weight" and "optimizer_generator.state.0.exp_avg".
  const std::vector<std::string>& names() const;
  bool contains(const std::string& name) const;
  // Throws Error(Model) when there is no such array.
  const ArrayInfo& info(const std::string& name) const;
  // Writes the array to `out` (info().size_bytes() bytes), contiguous and row-major whatever its layout in the file.
  // The pages that it touched leave the resident set again. Throws Error(Input) when a checksum is wrong.
  void read(const std::string& name, std::span<std::byte> out) const;

  // Safetensors: the strings under __metadata__.
  const std::map<std::string, std::string>& metadata() const;
  // Torch: every leaf that is not a tensor, printable: {"epoch", "99"}; True, False and None as Python writes them.
  const std::vector<std::pair<std::string, std::string>>& scalars() const;
  // Torch: classes and functions that the file mentions and that mean nothing here, as "numpy.dtype". Npz: members
  // that are no arrays.
  const std::vector<std::string>& foreign() const;

  // The arrays below "prefix."; "" for all of them.
  CheckpointScope scope(const std::string& prefix) const;

 private:
  struct State;
  explicit Checkpoint(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static Checkpoint make(std::shared_ptr<State> state);

  std::shared_ptr<const State> state_;
};

// The arrays of a checkpoint below a prefix, under names relative to it. What wrappers add before or behind the prefix
// ("module.", "_orig_mod.", "model.", the dicts "state_dict" and "params_ema") is left out and told at debug level.
// Shares the checkpoint; the same thread-safety and the same errors.
class CheckpointScope {
 public:
  CheckpointScope(Checkpoint checkpoint, std::string prefix);

  const Checkpoint& checkpoint() const { return checkpoint_; }
  const std::string& prefix() const { return prefix_; }
  const std::vector<std::string>& names() const { return names_; }
  bool empty() const { return names_.empty(); }
  bool contains(const std::string& name) const { return checkpoint_.contains(full_prefix_ + name); }
  const ArrayInfo& info(const std::string& name) const { return checkpoint_.info(full_prefix_ + name); }
  void read(const std::string& name, std::span<std::byte> out) const { checkpoint_.read(full_prefix_ + name, out); }

 private:
  Checkpoint checkpoint_;
  std::string prefix_;
  std::string full_prefix_;  // with the dot, and with what is left out of names_
  std::vector<std::string> names_;
};

}  // namespace animate::checkpoint
