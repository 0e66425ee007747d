#include "checkpoint/torch_zip_writer.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/temp_file.h"
#include "base/write_errors.h"
#include "checkpoint/inflate.h"

// What torch.save() writes: a zip whose entries are not compressed (PKWARE's APPNOTE.TXT,
// sections 4.3.7, 4.3.12, 4.3.16).
//
//   +--------------------------+---------------------+
//   | local header, name, "FB" | archive/data.pkl    | one pickle: dicts, lists, and a reference for every tensor
//   +--------------------------+---------------------+
//   | local header, name, "FB" | archive/byteorder   | "little"
//   | local header, name, "FB" | archive/data/0      | bytes of the first tensor, at a multiple of 64
//   | local header, name, "FB" | archive/data/1      | ...
//   | local header, name, "FB" | archive/version     | "3"
//   +--------------------------+---------------------+
//   | directory: one record an entry, with the offset of its local header
//   | end of the directory: how many records, where they begin
//   +-------------------------------------------------
//
// The directory comes last because only then all offsets and checksums are known; readers begin at the end of the file.
// Dates are left at zero, so equal contents give equal files.
namespace animate::checkpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

// Readers map the file and use tensors where they lie, as torch's own writer allows.
constexpr uint64_t kAlignment = 64;
constexpr uint64_t kMaxFileBytes = UINT32_MAX;
constexpr size_t kMaxEntries = UINT16_MAX - 8;

std::string_view storage_class(DType dtype) {
  switch (dtype) {
    case DType::F64: return "DoubleStorage";
    case DType::F32: return "FloatStorage";
    case DType::F16: return "HalfStorage";
    case DType::BF16: return "BFloat16Storage";
    case DType::I64: return "LongStorage";
    case DType::I32: return "IntStorage";
    case DType::I16: return "ShortStorage";
    case DType::I8: return "CharStorage";
    case DType::U8: return "ByteStorage";
    case DType::Bool: break;
  }
  return "BoolStorage";
}

template <typename T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

struct Entry {
  std::string name;
  uint32_t crc = 0;
  uint32_t size = 0;
  uint32_t header = 0;  // offset of the local header
};

// The fields that are the same in the local header and in the directory, in this order in both: version needed (0),
// flags (none), method (0, stored), time and date (none), CRC-32, size packed, size unpacked (the same), length of the
// name.
void append_facts(std::string& out, const Entry& entry) {
  append<uint16_t>(out, 0);
  append<uint16_t>(out, 0);
  append<uint16_t>(out, 0);
  append<uint32_t>(out, 0);
  append(out, entry.crc);
  append(out, entry.size);
  append(out, entry.size);
  append(out, static_cast<uint16_t>(entry.name.size()));
}

// Writes entries one after the other and the directory at the end.
class ZipFile {
 public:
  explicit ZipFile(const std::filesystem::path& path) : out_(path, std::ios::binary) {}

  void add(std::string name, std::span<const std::byte> bytes) {
    const Entry entry{std::move(name), crc32_of(bytes), static_cast<uint32_t>(bytes.size()),
                      static_cast<uint32_t>(position_)};
    std::string header = "PK\x03\x04";
    append_facts(header, entry);
    // The name is followed by an extra field "FB" with as many Zs as bring the bytes to a multiple of 64, as torch
    // does:
    //
    //   PK34 | fields | extra length | name | "FB" | padding | ZZZ...Z | bytes of the entry
    //                                                                    ^ at a multiple of kAlignment
    const uint64_t data = position_ + header.size() + sizeof(uint16_t) + entry.name.size() + 4;
    const uint64_t padding = (kAlignment - data % kAlignment) % kAlignment;
    append(header, static_cast<uint16_t>(padding + 4));
    header += entry.name;
    header += "FB";
    append(header, static_cast<uint16_t>(padding));
    header.append(padding, 'Z');
    put(header);
    put(bytes);
    entries_.push_back(entry);
  }

  // Whether everything was written.
  bool finish() {
    const uint64_t begin = position_;
    std::string directory;
    for (const Entry& entry : entries_) {
      directory += "PK\x01\x02";
      // Made by: version 0. The directory's record has this field before the common ones.
      append<uint16_t>(directory, 0);
      append_facts(directory, entry);
      // Lengths of extra field and comment, number of the disk, internal and external attributes: none of them is used.
      directory.append(2 + 2 + 2 + 2 + 4, '\0');
      append(directory, entry.header);
      directory += entry.name;
    }
    const auto size = static_cast<uint32_t>(directory.size());
    // End of central directory: two numbers of disks, records here and in all, size and offset, length of a comment.
    directory += "PK\x05\x06";
    directory.append(2 + 2, '\0');
    append(directory, static_cast<uint16_t>(entries_.size()));
    append(directory, static_cast<uint16_t>(entries_.size()));
    append(directory, size);
    append(directory, static_cast<uint32_t>(begin));
    append<uint16_t>(directory, 0);
    put(directory);
    out_.close();
    return out_.good();
  }

 private:
  void put(std::span<const std::byte> bytes) {
    out_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    position_ += bytes.size();
  }
  void put(const std::string& text) { put(std::as_bytes(std::span(text))); }

  std::ofstream out_;
  uint64_t position_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace

// The pickle is protocol 2 and grows as the caller tells it. Opcodes used: } ( u  dict, ] ( e  list, ( t  tuple, X
// text, K J 0x8a integers by size, G float, 0x88 0x89 booleans, c a class by name, R a call, Q a persistent id. Nothing
// is memoised: Python accepts that, and what occurs twice is written twice.
TorchZipWriter::TorchZipWriter() : pickle_("\x80\x02") {}

template <typename T>
void TorchZipWriter::little(T value) {
  append(pickle_, value);
}

// A dict is made empty and a mark is laid on it; u (SETITEMS) later moves all pairs above the mark into it. So do
// lists.
void TorchZipWriter::begin_dict() {
  pickle_ += "}(";
  ++depth_;
}

void TorchZipWriter::begin_ordered_dict() {
  pickle_ += "ccollections\nOrderedDict\n)R(";
  ++depth_;
}

void TorchZipWriter::end_dict() {
  pickle_ += 'u';
  --depth_;
}

void TorchZipWriter::begin_list() {
  pickle_ += "](";
  ++depth_;
}

void TorchZipWriter::end_list() {
  pickle_ += 'e';
  --depth_;
}

void TorchZipWriter::begin_tuple() {
  pickle_ += '(';
  ++depth_;
}

void TorchZipWriter::end_tuple() {
  pickle_ += 't';
  --depth_;
}

void TorchZipWriter::text(std::string_view utf8) {
  pickle_ += 'X';
  little(static_cast<uint32_t>(utf8.size()));
  pickle_ += utf8;
}

void TorchZipWriter::integer(int64_t value) {
  if (value >= 0 && value <= UINT8_MAX) {
    pickle_ += 'K';
    little(static_cast<uint8_t>(value));
  } else if (value >= INT32_MIN && value <= INT32_MAX) {
    pickle_ += 'J';
    little(static_cast<int32_t>(value));
  } else {
    pickle_ += "\x8a\x08";
    little(value);
  }
}

void TorchZipWriter::number(double value) {
  // The one big-endian number of the format.
  const auto bits = std::bit_cast<uint64_t>(value);
  pickle_ += 'G';
  for (unsigned int shift = 64; shift > 0; shift -= 8) pickle_ += static_cast<char>(bits >> (shift - 8) & 0xffU);
}

void TorchZipWriter::boolean(bool value) { pickle_ += value ? '\x88' : '\x89'; }

void TorchZipWriter::tensor(const ArrayInfo& info, std::span<const std::byte> bytes) {
  check(info.contiguous() && bytes.size() == info.size_bytes(), ErrorKind::Internal,
        "a tensor of {} bytes is not contiguous or has the wrong size", bytes.size());
  // Python evaluates this to a call, with a persistent id that its reader replaces by the storage of that number:
  //
  //   _rebuild_tensor_v2(persistent("storage", torch.FloatStorage, "3", "cpu", elements),
  //                      offset = 0, size, stride, requires_grad = False, hooks = OrderedDict())
  pickle_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
  text("storage");
  pickle_ += "ctorch\n";
  pickle_ += storage_class(info.dtype);
  pickle_ += '\n';
  text(std::to_string(storages_.size()));
  text("cpu");
  integer(info.numel());
  pickle_ += "tQ";
  integer(0);
  pickle_ += '(';
  for (const int64_t size : info.shape) integer(size);
  pickle_ += "t(";
  for (const int64_t stride : contiguous_strides(info.shape)) integer(stride);
  pickle_ += "t\x89";
  pickle_ += "ccollections\nOrderedDict\n)RtR";
  storages_.push_back(bytes);
}

void TorchZipWriter::write(const std::filesystem::path& target) {
  check(depth_ == 0, ErrorKind::Internal, "a dict or list of a checkpoint was left open");
  pickle_ += '.';
  // An upper bound of the file's size, so that nothing is begun that a zip with 32-bit offsets cannot hold: 256 bytes
  // are more than the two headers, two names and the padding of an entry.
  uint64_t bytes = pickle_.size() + 4096;
  for (const auto& storage : storages_) bytes += storage.size() + 256;
  check(bytes <= kMaxFileBytes && storages_.size() <= kMaxEntries, ErrorKind::Input,
        "{}: would pass 4 GiB or 65000 tensors, which a checkpoint of this format cannot hold; train smaller networks",
        show(target));
  TempFile file(target);
  ZipFile zip(file.path());
  const auto add_text = [&zip](const char* name, const std::string& content) {
    zip.add(name, std::as_bytes(std::span(content)));
  };
  add_text("archive/data.pkl", pickle_);
  add_text("archive/byteorder", "little");
  for (size_t i = 0; i < storages_.size(); ++i) zip.add(fmt::format("archive/data/{}", i), storages_[i]);
  add_text("archive/version", "3\n");
  if (!zip.finish()) fail_to_write(target, errno);
  file.commit();
}

}  // namespace animate::checkpoint
