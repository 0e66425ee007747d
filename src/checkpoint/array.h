#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace animate::checkpoint {

// Element types of stored arrays, always little-endian. Bool is one byte, 0 or 1.
enum class DType { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };

// Bytes of one element.
size_t size_of(DType dtype);

// The name that NumPy and torch use: "float32", "bfloat16", "int64", "bool".
std::string_view name_of(DType dtype);

// The product of `shape`; nullopt when a dimension is negative or the product does not fit into 63 bits.
std::optional<int64_t> checked_numel(std::span<const int64_t> shape);

// Strides, in elements, of a row-major array of `shape`, for which checked_numel has a number: strides are products of
// its sizes.
std::vector<int64_t> contiguous_strides(std::span<const int64_t> shape);

// Type and layout of one stored array. Shape [] is a scalar. Strides are in elements, never negative, may be 0
// (an expanded dimension) and describe the file; what Checkpoint::read() delivers is always contiguous.
// A plain value: safe to copy and share. In a Checkpoint numel() and size_bytes() cannot overflow.
struct ArrayInfo {
  DType dtype = DType::F32;
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;

  int64_t numel() const;
  size_t size_bytes() const;
  bool contiguous() const;
};

// Copies the array out of its storage: `first` is the array's first element, `out` takes size_bytes(), row-major.
// The caller has checked that every element lies inside the storage.
void gather(const ArrayInfo& info, const std::byte* first, std::span<std::byte> out);

}  // namespace animate::checkpoint
