#include "motion/numpy_pickle.h"

#include <array>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "checkpoint/array.h"
#include "checkpoint/printable.h"
#include "motion/half_float.h"

namespace animate::motion {
namespace {

using checkpoint::pickle::Call;
using checkpoint::pickle::Global;
using checkpoint::pickle::Mapping;
using checkpoint::pickle::Sequence;
using checkpoint::pickle::Text;

constexpr size_t kMaxRank = 4;
// Numbers in lists in place of an array; a frame has 63 at most.
constexpr int64_t kMaxListed = 1 << 16;
// A template's dicts have six keys; a search through more of them a frame would let a small file take hours.
constexpr size_t kMaxKeys = 64;

// The functions by which NumPy rebuilds values, whatever its version calls their modules.
struct Known {
  std::string_view module;
  std::string_view name;
  std::string_view role;
};
constexpr std::array kKnown = {
    Known{"numpy.core.multiarray", "_reconstruct", "array"},
    Known{"numpy._core.multiarray", "_reconstruct", "array"},
    Known{"numpy.core.numeric", "_frombuffer", "buffer"},
    Known{"numpy._core.numeric", "_frombuffer", "buffer"},
    Known{"numpy.core.multiarray", "scalar", "scalar"},
    Known{"numpy._core.multiarray", "scalar", "scalar"},
    Known{"numpy", "ndarray", "class"},
    Known{"numpy", "dtype", "dtype"},
    Known{"_codecs", "encode", "encode"},
};

std::string_view role_of(const Global& global) {
  for (const Known& known : kKnown) {
    if (known.module == global.module && known.name == global.name) return known.role;
  }
  return {};
}

std::string name_of(const Global& global) {
  return checkpoint::printable(fmt::format("{}.{}", global.module.substr(0, 100), global.name.substr(0, 100)));
}

// Python 3 pickles bytes for protocol 2 as text of code points up to 255. Returns nullopt for any other text.
std::optional<std::string> latin1(std::string_view utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xc3 || i + 1 == utf8.size()) return std::nullopt;
      const auto low = static_cast<unsigned char>(utf8[++i]);
      if (low < 0x80 || low > 0xbf) return std::nullopt;
      byte = static_cast<unsigned char>((byte & 3U) << 6U | (low & 0x3fU));
    }
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

template <typename T>
T load(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

float load_float(const char* bytes, size_t size) {
  if (size == 2) return half_to_float(load<uint16_t>(bytes));
  return size == 4 ? load<float>(bytes) : static_cast<float>(load<double>(bytes));
}

}  // namespace

NumpyPickle::NumpyPickle(std::span<const std::byte> bytes, std::string name)
    : name_(std::move(name)), tree_(checkpoint::pickle::parse(bytes, name_)) {
  for (Id id = 0; id < tree_.values.size(); ++id) {
    check_value(id);
    if (calls(tree_.values[id], "dtype")) element_type(id);
  }
}

void NumpyPickle::refuse(std::string_view what) const {
  fail(ErrorKind::Model, "{}: the pickle in it {}; nothing was executed; get the file from a source you trust", name_,
       what);
}

void NumpyPickle::check_value(Id id) const {
  const checkpoint::pickle::Value& value = tree_.values[id];
  if (const auto* global = std::get_if<Global>(&value)) {
    if (role_of(*global).empty()) refuse(fmt::format("mentions {}, which is not data", name_of(*global)));
  } else if (const auto* call = std::get_if<Call>(&value)) {
    check_call(*call);
  } else if (const auto* sequence = std::get_if<Sequence>(&value)) {
    if (sequence->kind == Sequence::Kind::Set) refuse("holds a set, which no motion template needs");
  } else if (const auto* mapping = std::get_if<Mapping>(&value)) {
    if (mapping->items.size() > kMaxKeys) refuse(fmt::format("holds a dict of more than {} keys", kMaxKeys));
    for (const auto& item : mapping->items) {
      if (!text(item.first)) refuse("holds a dict with a key that is not text");
    }
  } else if (std::holds_alternative<checkpoint::pickle::Persistent>(value)) {
    refuse("refers to something outside of itself");
  }
}

void NumpyPickle::check_call(const Call& call) const {
  const Global* function = tree_.callee(call);
  if (function == nullptr) refuse("calls the result of a call");
  const std::string_view role = role_of(*function);
  const std::vector<Id>& args = tree_.get<Sequence>(call.args)->items;
  const auto is_text = [&](size_t i) { return tree_.get<Text>(args[i]) != nullptr; };
  bool good = false;
  if (role == "array") {
    const auto* kind = args.empty() ? nullptr : tree_.get<Global>(args[0]);
    const auto* state = call.has_state ? items(call.state) : nullptr;
    good = args.size() == 3 && kind != nullptr && role_of(*kind) == "class" && state != nullptr && state->size() == 5;
  } else if (role == "buffer") {
    good = args.size() == 4 && is_text(3) && !call.has_state;
  } else if (role == "scalar") {
    good = args.size() == 2 && !call.has_state;
  } else if (role == "dtype") {
    good = !args.empty() && args.size() <= 3 && is_text(0);
  } else if (role == "encode") {
    good = args.size() == 2 && is_text(0) && text(args[1]) == "latin1" && !call.has_state;
  }
  if (!good) refuse(fmt::format("calls {} as no motion template needs it", name_of(*function)));
}

bool NumpyPickle::calls(const checkpoint::pickle::Value& value, std::string_view role) const {
  const auto* call = std::get_if<Call>(&value);
  return call != nullptr && role_of(*tree_.callee(*call)) == role;
}

bool NumpyPickle::is_dict(Id id) const { return tree_.get<Mapping>(id) != nullptr; }

bool NumpyPickle::is_none(Id id) const { return tree_.get<checkpoint::pickle::None>(id) != nullptr; }

std::optional<NumpyPickle::Id> NumpyPickle::find(Id dict, std::string_view key) const {
  const auto* mapping = tree_.get<Mapping>(dict);
  if (mapping == nullptr) return std::nullopt;
  for (size_t i = mapping->items.size(); i-- > 0;) {
    if (text(mapping->items[i].first) == key) return mapping->items[i].second;
  }
  return std::nullopt;
}

const std::vector<NumpyPickle::Id>* NumpyPickle::items(Id id) const {
  const auto* sequence = tree_.get<Sequence>(id);
  return sequence == nullptr ? nullptr : &sequence->items;
}

std::optional<std::string_view> NumpyPickle::text(Id id) const {
  const auto* value = tree_.get<Text>(id);
  if (value == nullptr || value->is_bytes) return std::nullopt;
  return value->value;
}

std::optional<int64_t> NumpyPickle::integer(Id id) const {
  if (const auto* value = tree_.get<int64_t>(id)) return *value;
  const auto value = scalar(id, true);
  constexpr double exact = 9007199254740992;  // 2^53: the value came through a double
  return value && std::abs(*value) <= exact ? std::optional(static_cast<int64_t>(*value)) : std::nullopt;
}

std::optional<double> NumpyPickle::number(Id id) const {
  if (const auto* value = tree_.get<int64_t>(id)) return static_cast<double>(*value);
  if (const auto* value = tree_.get<double>(id)) return *value;
  return scalar(id, false);
}

bool NumpyPickle::is_array(Id id) const { return parts_of(id).has_value(); }

std::optional<NumpyPickle::Parts> NumpyPickle::parts_of(Id id) const {
  const checkpoint::pickle::Value& value = tree_.values[id];
  if (calls(value, "array")) {
    // (version, shape, dtype, whether in Fortran order, bytes)
    const std::vector<Id>& state = *items(std::get<Call>(value).state);
    const auto* fortran = tree_.get<bool>(state[3]);
    return Parts{state[2], state[1], state[4], fortran != nullptr && *fortran};
  }
  if (calls(value, "buffer")) {
    // (bytes, dtype, shape, 'C' or 'F')
    const std::vector<Id>& args = *items(std::get<Call>(value).args);
    return Parts{args[1], args[2], args[0], text(args[3]) == "F"};
  }
  return std::nullopt;
}

NumpyPickle::ElementType NumpyPickle::element_type(Id id) const {
  const checkpoint::pickle::Value& value = tree_.values[id];
  if (!calls(value, "dtype")) refuse("holds an array whose type is no dtype");
  const auto& call = std::get<Call>(value);
  const std::string_view code = tree_.get<Text>((*items(call.args))[0])->value;
  if (call.has_state) {
    // (version, byte order, subarray, names, fields, ...): only plain little-endian numbers are taken.
    const auto* state = items(call.state);
    const bool whole = state != nullptr && state->size() >= 5;
    const auto order = whole ? text((*state)[1]) : std::nullopt;
    if (!order || (*order != "<" && *order != "|" && *order != "=")) {
      refuse(fmt::format("holds an array of {} in a byte order other than little-endian", checkpoint::in_quotes(code)));
    }
    for (size_t i = 2; i < 5; ++i) {
      if (tree_.get<checkpoint::pickle::None>((*state)[i]) == nullptr) refuse("holds an array of records");
    }
  }
  constexpr std::array<std::string_view, 12> plain = {"f2", "f4", "f8", "i1", "i2", "i4",
                                                      "i8", "u1", "u2", "u4", "u8", "b1"};
  for (const std::string_view known : plain) {
    if (code == known) return {code[0], static_cast<size_t>(code[1] - '0')};
  }
  refuse(fmt::format("holds an array of the type {}, which is not a number", checkpoint::in_quotes(code)));
}

// The bytes of an array or a scalar, which must be `size`.
std::string NumpyPickle::data(Id id, size_t size, std::string_view what) const {
  const checkpoint::pickle::Value& value = tree_.values[id];
  std::string bytes;
  if (calls(value, "encode")) {
    const std::string_view utf8 = tree_.get<Text>((*items(std::get<Call>(value).args))[0])->value;
    // Checked before it is decoded: one text can be recalled by many arrays.
    check(utf8.size() <= 2 * size, ErrorKind::Input, "{}: {} has more bytes than its shape says; get the file again",
          name_, what);
    const auto decoded = latin1(utf8);
    if (!decoded) refuse("holds bytes that are not latin1 text");
    bytes = *decoded;
  } else {
    const auto* raw = std::get_if<Text>(&value);
    if (raw == nullptr || (!raw->is_bytes && !raw->is_old)) refuse("holds an array without bytes");
    check(raw->value.size() == size, ErrorKind::Input, "{}: {} has {} bytes, its shape says {}; get the file again",
          name_, what, raw->value.size(), size);
    bytes = raw->value;
  }
  check(bytes.size() == size, ErrorKind::Input, "{}: {} has {} bytes, its shape says {}; get the file again", name_,
        what, bytes.size(), size);
  return bytes;
}

std::optional<double> NumpyPickle::scalar(Id id, bool integers_only) const {
  const checkpoint::pickle::Value& value = tree_.values[id];
  if (!calls(value, "scalar")) return std::nullopt;
  const std::vector<Id>& args = *items(std::get<Call>(value).args);
  const ElementType type = element_type(args[0]);
  if (integers_only && (type.kind == 'f' || type.kind == 'b')) return std::nullopt;
  const std::string bytes = data(args[1], type.size, "a number");
  if (type.kind == 'f') return type.size == 8 ? load<double>(bytes.data()) : load_float(bytes.data(), type.size);
  int64_t result = 0;
  const bool negative = type.kind == 'i' && (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
  if (negative) result = -1;
  for (size_t i = type.size; i-- > 0;) {
    result = static_cast<int64_t>(static_cast<uint64_t>(result) << 8U | static_cast<unsigned char>(bytes[i]));
  }
  return static_cast<double>(result);
}

std::vector<int64_t> NumpyPickle::shape(Id id, std::string_view what) const {
  const auto* list = items(id);
  if ((list != nullptr && !list->empty()) || number(id)) return shape_of_list(id, what);
  const auto parts = parts_of(id);
  check(parts.has_value(), ErrorKind::Input, "{}: {} is not an array of numbers; get the file again", name_, what);
  const auto* sizes = items(parts->shape);
  check(sizes != nullptr && sizes->size() <= kMaxRank, ErrorKind::Input,
        "{}: {} has more dimensions than a motion template has; get the file again", name_, what);
  std::vector<int64_t> shape;
  for (const Id size : *sizes) {
    const auto* value = tree_.get<int64_t>(size);
    check(value != nullptr && *value >= 0, ErrorKind::Input, "{}: {} has a shape that is none; get the file again",
          name_, what);
    shape.push_back(*value);
  }
  return shape;
}

std::vector<int64_t> NumpyPickle::shape_of_list(Id id, std::string_view what) const {
  std::vector<int64_t> shape;
  for (const auto* list = items(id); list != nullptr; list = items(id)) {
    shape.push_back(static_cast<int64_t>(list->size()));
    if (list->empty()) break;
    check(shape.size() <= kMaxRank, ErrorKind::Input,
          "{}: {} has more dimensions than a motion template has; get the file again", name_, what);
    id = list->front();
  }
  return shape;
}

// Lists nest no deeper than shape() allowed.
void NumpyPickle::gather_list(Id id, std::span<const int64_t> sizes, std::string_view what,
                              std::vector<float>& values) const {
  if (sizes.empty()) {
    const auto value = number(id);
    check(value.has_value(), ErrorKind::Input, "{}: {} holds what is not a number; get the file again", name_, what);
    values.push_back(static_cast<float>(*value));
    return;
  }
  const auto* list = items(id);
  check(list != nullptr && static_cast<int64_t>(list->size()) == sizes[0], ErrorKind::Input,
        "{}: {} is a list whose rows differ in length; get the file again", name_, what);
  for (const Id item : *list) gather_list(item, sizes.subspan(1), what, values);
}

std::vector<float> NumpyPickle::floats(Id id, std::string_view what) const {
  const std::vector<int64_t> sizes = shape(id, what);
  if (!parts_of(id)) {
    // A list may be recalled any number of times for two bytes each, so its own size is no bound.
    const auto count = checkpoint::checked_numel(sizes);
    check(count && *count <= kMaxListed, ErrorKind::Input,
          "{}: {} is larger than a motion template has; get the file again", name_, what);
    std::vector<float> values;
    gather_list(id, sizes, what, values);
    return values;
  }
  const Parts parts = *parts_of(id);
  const ElementType type = element_type(parts.dtype);
  check(type.kind == 'f', ErrorKind::Input, "{}: {} does not hold floating-point numbers; get the file again", name_,
        what);
  const auto count = checkpoint::checked_numel(sizes);
  check(count && *count <= INT64_MAX / 8, ErrorKind::Input, "{}: {} is larger than any file; get the file again", name_,
        what);
  const std::string bytes = data(parts.bytes, static_cast<size_t>(*count) * type.size, what);
  // Read as it lies, then brought to row-major order.
  std::vector<float> read(static_cast<size_t>(*count));
  for (size_t i = 0; i < read.size(); ++i) read[i] = load_float(bytes.data() + i * type.size, type.size);
  if (!parts.fortran || read.empty()) return read;
  checkpoint::ArrayInfo info{checkpoint::DType::F32, sizes, std::vector<int64_t>(sizes.size(), 1)};
  for (size_t axis = 1; axis < sizes.size(); ++axis) info.strides[axis] = info.strides[axis - 1] * sizes[axis - 1];
  std::vector<float> ordered(read.size());
  checkpoint::gather(info, reinterpret_cast<const std::byte*>(read.data()), std::as_writable_bytes(std::span(ordered)));
  return ordered;
}

}  // namespace animate::motion
