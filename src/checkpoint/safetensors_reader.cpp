#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/content.h"
#include "checkpoint/printable.h"

namespace animate::checkpoint {
namespace {

constexpr uint64_t kMaxHeader = 100'000'000;  // the limit of the reference implementation
constexpr size_t kMaxRank = 64;

struct NamedType {
  std::string_view name;
  DType dtype;
};

constexpr std::array kTypes = {
    NamedType{"F64", DType::F64},   NamedType{"F32", DType::F32}, NamedType{"F16", DType::F16},
    NamedType{"BF16", DType::BF16}, NamedType{"I64", DType::I64}, NamedType{"I32", DType::I32},
    NamedType{"I16", DType::I16},   NamedType{"I8", DType::I8},   NamedType{"U8", DType::U8},
    NamedType{"BOOL", DType::Bool},
};

// One tensor as the header describes it.
struct Row {
  std::string name;
  std::string dtype;
  std::vector<uint64_t> shape;
  std::vector<uint64_t> offsets;
};

// Takes the header's JSON event by event: nothing nests deeper than three levels, no key comes twice, the order of
// the file is kept. None of this is possible with a parsed document.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderHandler(const std::string& file, std::map<std::string, std::string>& metadata)
      : file_(file), metadata_(metadata) {}

  std::vector<Row> rows;

  bool null() override { malformed(); }
  bool boolean(bool) override { malformed(); }
  bool number_integer(int64_t) override { malformed(); }
  bool number_float(double, const std::string&) override { malformed(); }
  bool binary(nlohmann::json::binary_t&) override { malformed(); }

  bool number_unsigned(uint64_t value) override {
    if (numbers_ == nullptr || numbers_->size() >= kMaxRank) malformed();
    numbers_->push_back(value);
    return true;
  }
  bool string(std::string& value) override {
    if (depth_ != 2 || numbers_ != nullptr) malformed();
    if (in_metadata_) {
      metadata_[field_] = value;
    } else if (field_ == "dtype") {
      rows.back().dtype = value;
    } else {
      malformed();
    }
    return true;
  }
  bool start_object(size_t) override {
    if (depth_ >= 2 || numbers_ != nullptr) malformed();
    ++depth_;
    fields_.clear();
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool key(std::string& value) override {
    if (!(depth_ == 1 ? names_ : fields_).insert(value).second) {
      fail(ErrorKind::Model, "{}: its header holds {} twice; download it again", file_, in_quotes(value));
    }
    field_ = value;
    if (depth_ != 1) return true;
    in_metadata_ = value == "__metadata__";
    if (!in_metadata_) rows.push_back({value, {}, {}, {}});
    return true;
  }
  bool start_array(size_t) override {
    if (depth_ != 2 || in_metadata_ || numbers_ != nullptr) malformed();
    if (field_ == "shape") numbers_ = &rows.back().shape;
    if (field_ == "data_offsets") numbers_ = &rows.back().offsets;
    if (numbers_ == nullptr) malformed();
    return true;
  }
  bool end_array() override {
    numbers_ = nullptr;
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) override { malformed(); }

 private:
  [[noreturn]] void malformed() const {
    fail(ErrorKind::Model, "{}: its safetensors header is malformed; download it again", file_);
  }

  const std::string& file_;
  std::map<std::string, std::string>& metadata_;
  int depth_ = 0;
  bool in_metadata_ = false;
  std::string field_;
  std::set<std::string> names_;
  std::set<std::string> fields_;
  std::vector<uint64_t>* numbers_ = nullptr;
};

StoredArray array_of(const Row& row, uint64_t data_bytes, const std::string& file) {
  const auto require = [&](bool condition, std::string_view what) {
    check(condition, ErrorKind::Model, "{}: the tensor {} {}; download it again", file, in_quotes(row.name), what);
  };
  StoredArray array{printable(row.name), {}, 0, 0};
  const auto* type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const NamedType& known) { return known.name == row.dtype; });
  check(type != kTypes.end(), ErrorKind::Model,
        "{}: the tensor {} has the type {}, which is not supported; convert it to F32, F16 or BF16", file,
        in_quotes(row.name), in_quotes(row.dtype));
  array.info.dtype = type->dtype;
  for (const uint64_t size : row.shape) {
    require(size <= INT64_MAX, "has an impossible size");
    array.info.shape.push_back(static_cast<int64_t>(size));
  }
  const std::optional<int64_t> numel = checked_numel(array.info.shape);
  int64_t bytes = 0;
  require(numel && !__builtin_mul_overflow(*numel, static_cast<int64_t>(size_of(type->dtype)), &bytes),
          "has an impossible size");
  array.info.strides = contiguous_strides(array.info.shape);
  require(row.offsets.size() == 2 && row.offsets[0] <= row.offsets[1], "has malformed offsets");
  check(row.offsets[1] <= data_bytes, ErrorKind::Input,
        "{}: the file ends inside the tensor {}: the download was cut; download it again", file, in_quotes(row.name));
  require(row.offsets[1] - row.offsets[0] == static_cast<uint64_t>(bytes), "does not have the bytes of its shape");
  array.byte_offset = row.offsets[0];
  return array;
}

void check_overlap(const std::vector<StoredArray>& arrays, const std::string& file) {
  std::vector<const StoredArray*> order;
  for (const StoredArray& array : arrays) {
    if (array.info.numel() > 0) order.push_back(&array);
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->byte_offset < b->byte_offset; });
  for (size_t i = 1; i < order.size(); ++i) {
    const StoredArray& before = *order[i - 1];
    check(before.byte_offset + before.info.size_bytes() <= order[i]->byte_offset, ErrorKind::Model,
          "{}: the tensors {} and {} overlap; download it again", file, in_quotes(before.name),
          in_quotes(order[i]->name));
  }
}

}  // namespace

Content read_safetensors(std::span<const std::byte> file, const std::string& name) {
  ByteReader in(file, name, "its header");
  const auto header_bytes = in.little<uint64_t>();
  check(header_bytes <= kMaxHeader, ErrorKind::Model, "{}: its safetensors header is too large; download it again",
        name);
  const std::string_view header = in.text(header_bytes);
  Content content;
  HeaderHandler handler(name, content.metadata);
  nlohmann::json::sax_parse(header, &handler);

  const uint64_t data_bytes = in.remaining();
  content.storages.push_back({in.position(), data_bytes, data_bytes, false, std::nullopt});
  std::set<std::string> names;
  for (const Row& row : handler.rows) {
    content.arrays.push_back(array_of(row, data_bytes, name));
    check(names.insert(content.arrays.back().name).second, ErrorKind::Model,
          "{}: its header holds {} twice; download it again", name, in_quotes(row.name));
  }
  check_overlap(content.arrays, name);
  return content;
}

}  // namespace animate::checkpoint
