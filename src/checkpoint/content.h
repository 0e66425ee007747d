#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/array.h"

namespace animate::checkpoint {

// A run of bytes in the file that arrays are views of. Stored as is, or deflated (zip only).
struct Storage {
  uint64_t offset = 0;        // of the stored bytes, from the start of the file
  uint64_t stored_bytes = 0;  // in the file; the reader has checked that they lie inside it
  uint64_t bytes = 0;         // after inflating
  bool deflated = false;
  std::optional<uint32_t> crc;  // CRC-32 of the inflated bytes, where the format has one
};

// One named array: every element of it lies inside storages[storage].
struct StoredArray {
  std::string name;
  ArrayInfo info;
  size_t storage = 0;
  size_t byte_offset = 0;  // of the first element, from the start of the inflated storage
};

// What a reader finds in a file. Names are printable and in file order; offsets are checked, values are not read.
struct Content {
  std::vector<StoredArray> arrays;
  std::vector<Storage> storages;
  std::map<std::string, std::string> metadata;
  std::vector<std::pair<std::string, std::string>> scalars;
  std::vector<std::string> foreign;
};

// The readers, one per container. `name` is for the error sentences. They throw Error(Input) for a cut or damaged
// file and Error(Model) for content that cannot be accepted.
Content read_safetensors(std::span<const std::byte> file, const std::string& name);
Content read_torch_zip(std::span<const std::byte> file, const std::string& name);
Content read_torch_legacy(std::span<const std::byte> file, const std::string& name);
// numpy.savez's zip: an array a member, called as the member is without ".npy"; what else lies in it is foreign.
Content read_npz(std::span<const std::byte> file, const std::string& name);

// Whether a zip is numpy's and not torch's. Throws as the readers for a cut or damaged directory.
bool is_npz(std::span<const std::byte> file, const std::string& name);

}  // namespace animate::checkpoint
