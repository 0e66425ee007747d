#include "checkpoint/safetensors_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/temp_file.h"
#include "base/write_errors.h"

namespace animate::checkpoint {
namespace {

using Order = std::vector<const ArrayToWrite*>;

std::string_view code_of(DType dtype) {
  switch (dtype) {
    case DType::F64: return "F64";
    case DType::F32: return "F32";
    case DType::F16: return "F16";
    case DType::BF16: return "BF16";
    case DType::I64: return "I64";
    case DType::I32: return "I32";
    case DType::I16: return "I16";
    case DType::I8: return "I8";
    case DType::U8: return "U8";
    case DType::Bool: break;
  }
  return "BOOL";
}

Order ordered(std::span<const ArrayToWrite> arrays) {
  Order order;
  std::set<std::string_view> names;
  for (const ArrayToWrite& array : arrays) {
    check(array.info.contiguous() && array.bytes.size() == array.info.size_bytes(), ErrorKind::Internal,
          "the array '{}' is not contiguous or has the wrong size", array.name);
    check(array.name != "__metadata__" && names.insert(array.name).second, ErrorKind::Internal,
          "the array name '{}' is taken", array.name);
    order.push_back(&array);
  }
  std::sort(order.begin(), order.end(), [](const ArrayToWrite* a, const ArrayToWrite* b) {
    const size_t size_a = size_of(a->info.dtype);
    const size_t size_b = size_of(b->info.dtype);
    return size_a != size_b ? size_a > size_b : a->name < b->name;
  });
  return order;
}

std::string header_of(const Order& order, const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const ArrayToWrite* array : order) {
    const uint64_t end = offset + array->bytes.size();
    // Appended as a pair: operator[] would search all names each time.
    header.get_ref<nlohmann::ordered_json::object_t&>().push_back(
        {array->name,
         {{"dtype", code_of(array->info.dtype)}, {"shape", array->info.shape}, {"data_offsets", {offset, end}}}});
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& target, std::span<const ArrayToWrite> arrays,
                       const std::map<std::string, std::string>& metadata) {
  const Order order = ordered(arrays);
  std::string header;
  try {
    header = header_of(order, metadata);
  } catch (const nlohmann::json::exception&) {
    fail(ErrorKind::Model, "{}: a name or a metadata text is not UTF-8; rename it", show(target));
  }
  TempFile file(target);
  std::ofstream out(file.path(), std::ios::binary);
  const uint64_t header_bytes = header.size();
  out.write(reinterpret_cast<const char*>(&header_bytes), sizeof(header_bytes));
  out.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (const ArrayToWrite* array : order) {
    out.write(reinterpret_cast<const char*>(array->bytes.data()), static_cast<std::streamsize>(array->bytes.size()));
  }
  out.close();
  check_written(out, target);
  file.commit();
}

}  // namespace animate::checkpoint
