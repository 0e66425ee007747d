#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/content.h"
#include "checkpoint/inflate.h"
#include "checkpoint/printable.h"
#include "checkpoint/zip_directory.h"

// NumPy's .npz is a zip whose members are .npy files, stored (numpy.savez) or deflated (savez_compressed):
//
//   \x93NUMPY | major | minor | header's length: 2 bytes in version 1, 4 from 2 on | header | numbers
//   header: {'descr': '<f4', 'fortran_order': False, 'shape': (6, 6), }   spaces, newline
//
// The header is a Python dict; only these three keys are known, and nothing is evaluated.
namespace animate::checkpoint {
namespace {

constexpr std::string_view kMember = ".npy";
constexpr std::string_view kNumpyMagic = "\x93NUMPY";
// Version 1 cannot be longer, and numpy writes version 2 only for records of thousands of fields.
constexpr size_t kMaxNumpyHeader = size_t{1} << 16;
constexpr size_t kMaxMemberFront = kNumpyMagic.size() + 6 + kMaxNumpyHeader;
constexpr size_t kMaxNumpyRank = 8;

bool is_member(std::string_view entry) { return entry.size() > kMember.size() && entry.ends_with(kMember); }

// What a member's header says, and where its numbers begin.
struct MemberHeader {
  ArrayInfo info;
  size_t size = 0;  // of magic and header together
};

// Reads the dict of one member. Whatever is not as numpy writes it throws.
class MemberHeaderText {
 public:
  MemberHeaderText(std::string_view text, const std::string& file, std::string_view member)
      : rest_(text), file_(file), member_(member) {}

  ArrayInfo read() {
    std::optional<DType> dtype;
    std::optional<bool> fortran;
    std::optional<std::vector<int64_t>> shape;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr") {
        dtype = element_type();
      } else if (key == "fortran_order") {
        fortran = truth();
      } else if (key == "shape") {
        shape = numbers();
      } else {
        fail_damaged();
      }
      if (!take(',') && peek() != '}') fail_damaged();
    }
    if (!dtype || !fortran || !shape) fail_damaged();
    // Before the strides: they are products of these sizes.
    if (!checked_numel(*shape)) fail_damaged();
    ArrayInfo info{*dtype, *shape, contiguous_strides(*shape)};
    if (*fortran) {
      int64_t stride = 1;
      for (size_t d = 0; d < info.shape.size(); ++d) {
        info.strides[d] = stride;
        stride *= std::max<int64_t>(info.shape[d], 1);
      }
    }
    return info;
  }

 private:
  [[noreturn]] void fail_damaged() const {
    fail(ErrorKind::Input, "{}: the header of {} is damaged; save it again with numpy.savez", file_,
         in_quotes(member_));
  }

  char peek() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char wanted) {
    if (peek() != wanted || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) fail_damaged();
  }
  bool take_word(std::string_view word) {
    peek();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string_view quoted() {
    const char mark = peek();
    if (mark != '\'' && mark != '"') fail_damaged();
    const size_t end = rest_.find(mark, 1);
    if (end == std::string_view::npos) fail_damaged();
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool truth() {
    if (take_word("True")) return true;
    if (!take_word("False")) fail_damaged();
    return false;
  }

  std::vector<int64_t> numbers() {
    std::vector<int64_t> values;
    expect('(');
    while (!take(')')) {
      peek();
      int64_t value = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
      if (error != std::errc() || value < 0 || values.size() == kMaxNumpyRank) fail_damaged();
      rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
      take_word("L");  // as Python 2 wrote long numbers
      values.push_back(value);
      if (!take(',') && peek() != ')') fail_damaged();
    }
    return values;
  }

  DType element_type() {
    constexpr auto known = std::to_array<std::pair<std::string_view, DType>>({{"<f8", DType::F64},
                                                                              {"<f4", DType::F32},
                                                                              {"<f2", DType::F16},
                                                                              {"<i8", DType::I64},
                                                                              {"<i4", DType::I32},
                                                                              {"<i2", DType::I16},
                                                                              {"|i1", DType::I8},
                                                                              {"|u1", DType::U8},
                                                                              {"|b1", DType::Bool}});
    check(peek() != '[', ErrorKind::Model, "{}: {} holds records; save plain numbers with numpy.savez", file_,
          in_quotes(member_));
    const std::string_view text = quoted();
    const auto* const found =
        std::find_if(known.begin(), known.end(), [text](const auto& entry) { return entry.first == text; });
    check(found != known.end(), ErrorKind::Model,
          "{}: {} holds elements of type {}, which are not read; save little-endian numbers with numpy.savez", file_,
          in_quotes(member_), in_quotes(text));
    return found->second;
  }

  std::string_view rest_;
  const std::string& file_;
  std::string_view member_;
};

// `front` is the member's beginning: all of its header at least, or the whole member.
MemberHeader read_member_header(std::span<const std::byte> front, const std::string& file, std::string_view member) {
  ByteReader in(front, file, "the header of an array");
  check(in.text(kNumpyMagic.size()) == kNumpyMagic, ErrorKind::Input,
        "{}: {} does not begin as numpy's arrays do; save it again with numpy.savez", file, in_quotes(member));
  const auto major = in.little<uint8_t>();
  in.little<uint8_t>();
  check(major >= 1 && major <= 3, ErrorKind::Model,
        "{}: {} is in version {} of numpy's format, which is not read; save it again with numpy.savez", file,
        in_quotes(member), major);
  const size_t length = major == 1 ? in.little<uint16_t>() : in.little<uint32_t>();
  check(length <= kMaxNumpyHeader, ErrorKind::Model,
        "{}: the header of {} is too long; save plain numbers with numpy.savez", file, in_quotes(member));
  const std::string_view text = in.text(length);
  return {MemberHeaderText(text, file, member).read(), in.position()};
}

}  // namespace

bool is_npz(std::span<const std::byte> file, const std::string& name) {
  const ZipDirectory zip(file, name);
  // torch.save's files have a pickle, whatever else lies beside it.
  return std::any_of(zip.entries().begin(), zip.entries().end(), [](const auto& e) { return is_member(e.first); }) &&
         std::none_of(zip.entries().begin(), zip.entries().end(),
                      [](const auto& e) { return e.first.ends_with("data.pkl"); });
}

Content read_npz(std::span<const std::byte> file, const std::string& name) {
  const ZipDirectory zip(file, name);
  Content content;
  std::set<std::string> names;
  for (const auto& [entry, unused] : zip.entries()) {
    if (!is_member(entry)) {
      content.foreign.push_back(printable(entry));
      continue;
    }
    const Storage storage = zip.locate(entry);
    const auto stored = file.subspan(storage.offset, storage.stored_bytes);
    std::vector<std::byte> inflated;
    if (storage.deflated) inflated = inflate_front(stored, storage.bytes, kMaxMemberFront, name);
    const MemberHeader header =
        read_member_header(storage.deflated ? std::span<const std::byte>(inflated) : stored, name, entry);
    const uint64_t numbers = storage.bytes - header.size;
    const auto numel = static_cast<uint64_t>(header.info.numel());
    check(numbers % size_of(header.info.dtype) == 0 && numbers / size_of(header.info.dtype) == numel, ErrorKind::Input,
          "{}: {} has another number of elements than its shape says; save it again with numpy.savez", name,
          in_quotes(entry));
    const std::string array = printable(entry.substr(0, entry.size() - kMember.size()));
    check(names.insert(array).second, ErrorKind::Input, "{}: holds {} twice; save it again with numpy.savez", name,
          in_quotes(array));
    content.arrays.push_back({array, header.info, content.storages.size(), header.size});
    content.storages.push_back(storage);
  }
  return content;
}

}  // namespace animate::checkpoint
