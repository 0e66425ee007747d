#include "checkpoint/array.h"

#include <algorithm>
#include <cstring>

namespace animate::checkpoint {

size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::F64:
    case DType::I64: return 8;
    case DType::F32:
    case DType::I32: return 4;
    case DType::F16:
    case DType::BF16:
    case DType::I16: return 2;
    case DType::I8:
    case DType::U8:
    case DType::Bool: break;
  }
  return 1;
}

std::string_view name_of(DType dtype) {
  switch (dtype) {
    case DType::F64: return "float64";
    case DType::F32: return "float32";
    case DType::F16: return "float16";
    case DType::BF16: return "bfloat16";
    case DType::I64: return "int64";
    case DType::I32: return "int32";
    case DType::I16: return "int16";
    case DType::I8: return "int8";
    case DType::U8: return "uint8";
    case DType::Bool: break;
  }
  return "bool";
}

std::optional<int64_t> checked_numel(std::span<const int64_t> shape) {
  // Zeros are left out of the product, so that [0, 2^62, 2^62] is refused like [1, 2^62, 2^62].
  int64_t product = 1;
  bool empty = false;
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(product, std::max<int64_t>(size, 1), &product)) return std::nullopt;
    empty = empty || size == 0;
  }
  return empty ? 0 : product;
}

std::vector<int64_t> contiguous_strides(std::span<const int64_t> shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = stride;
    stride *= std::max<int64_t>(shape[d], 1);
  }
  return strides;
}

int64_t ArrayInfo::numel() const {
  int64_t product = 1;
  for (const int64_t size : shape) product *= size;
  return product;
}

size_t ArrayInfo::size_bytes() const { return static_cast<size_t>(numel()) * size_of(dtype); }

bool ArrayInfo::contiguous() const {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return true;
  int64_t expected = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    if (shape[d] != 1 && strides[d] != expected) return false;
    expected *= shape[d];
  }
  return true;
}

void gather(const ArrayInfo& info, const std::byte* first, std::span<std::byte> out) {
  if (out.empty()) return;
  if (info.contiguous()) {
    std::memcpy(out.data(), first, out.size());
    return;
  }
  const size_t element = size_of(info.dtype);
  const size_t rank = info.shape.size();
  std::vector<int64_t> index(rank, 0);
  int64_t offset = 0;
  for (size_t done = 0; done < out.size(); done += element) {
    std::memcpy(out.data() + done, first + static_cast<size_t>(offset) * element, element);
    for (size_t d = rank; d-- > 0;) {
      offset += info.strides[d];
      if (++index[d] < info.shape[d]) break;
      offset -= info.strides[d] * info.shape[d];
      index[d] = 0;
    }
  }
}

}  // namespace animate::checkpoint
