#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "checkpoint/array.h"

namespace animate::checkpoint {

// An array to be written: contiguous, bytes.size() == info.size_bytes(), row-major, little-endian.
struct ArrayToWrite {
  std::string name;
  ArrayInfo info;
  std::span<const std::byte> bytes;
};

// Writes a safetensors file that appears under its name only when whole. The header is padded to 8 bytes with
// spaces; arrays are ordered by falling element size, then by name, so that each lies aligned to its element size.
// Throws Error(Input) when the file cannot be written, Error(Model) when a name or a metadata text is not UTF-8.
void write_safetensors(const std::filesystem::path& target, std::span<const ArrayToWrite> arrays,
                       const std::map<std::string, std::string>& metadata);

}  // namespace animate::checkpoint
