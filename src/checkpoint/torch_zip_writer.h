#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/array.h"

namespace animate::checkpoint {

// Writes what torch.save() writes (models/fomm/README.md#containers): a zip of stored entries, data.pkl with one
// pickled object and a storage per tensor, each at a multiple of 64 bytes. Python's torch.load and our own Checkpoint
// read it. The caller describes the object in order: dicts and lists are opened and closed; inside a dict, keys and
// values alternate. Equal calls give equal bytes. Not thread-safe.
class TorchZipWriter {
 public:
  TorchZipWriter();

  void begin_dict();
  void begin_ordered_dict();  // collections.OrderedDict, as state dicts are
  void end_dict();
  void begin_list();
  void end_list();
  void begin_tuple();
  void end_tuple();
  void text(std::string_view utf8);
  void integer(int64_t value);
  void number(double value);
  void boolean(bool value);
  // A contiguous tensor. The bytes are not copied: they must stay as they are until write() returns.
  void tensor(const ArrayInfo& info, std::span<const std::byte> bytes);

  // Writes the file, which appears under its name only when whole; call it once, when everything is closed.
  // Throws Error(Input) when it cannot be written or would pass 4 GiB, the limit of a plain zip.
  void write(const std::filesystem::path& target);

 private:
  template <typename T>
  void little(T value);

  std::string pickle_;
  std::vector<std::span<const std::byte>> storages_;
  size_t depth_ = 0;
};

}  // namespace animate::checkpoint
