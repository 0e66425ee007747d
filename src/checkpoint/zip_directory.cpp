#include "checkpoint/zip_directory.h"

#include <algorithm>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/inflate.h"
#include "checkpoint/printable.h"

// Reads a zip from its end, as PKWARE's APPNOTE.TXT asks (sections 4.3.6 to 4.3.16):
//
//   local header | entry      ...                        local header   4.3.7
//   ...
//   directory record, directory record, ...              records        4.3.12
//   [zip64 end, zip64 locator]                           zip64          4.3.14, 4.3.15; only in large files
//   end of directory [comment]                           end            4.3.16
//
//   end ------> place and number of records --> record: name, sizes, checksum, offset --> local header --> bytes
//   locator --> zip64 end: the same in 64 bits
//
// Nothing that the file says is trusted: every offset and length is checked against the file before it is followed.
namespace animate::checkpoint {
namespace {

constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint32_t kLocator64Signature = 0x07064b50;
constexpr uint32_t kEntrySignature = 0x02014b50;
constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr size_t kEndSize = 22;
constexpr size_t kLocator64Size = 20;
constexpr size_t kEntrySize = 46;
constexpr size_t kMaxComment = 0xffff;
constexpr uint32_t kUnknown32 = 0xffffffff;  // "see the zip64 field"

template <typename T>
T little_at(std::span<const std::byte> bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

// Replaces the fields that did not fit into 32 bits by those of the zip64 extra field (4.5.3). It holds only the fields
// that read 0xffffffff in the record, in this fixed order, so each must be asked for in turn:
//
//   id = 1 | size | [unpacked size, 8 bytes] | [packed size, 8] | [offset of the local header, 8]
void read_zip64(ByteReader extra, ZipDirectory::Entry& entry) {
  constexpr uint16_t zip64_id = 1;
  while (extra.remaining() >= 4) {
    const auto id = extra.little<uint16_t>();
    const auto size = extra.little<uint16_t>();
    if (id != zip64_id) {
      extra.take(std::min<size_t>(size, extra.remaining()));
      continue;
    }
    for (uint64_t* field : {&entry.bytes, &entry.stored_bytes, &entry.header}) {
      if (*field == kUnknown32) *field = extra.little<uint64_t>();
    }
    return;
  }
}

}  // namespace

// The number of entries is only what the file claims, but each takes 46 bytes that must be there, which bounds the
// loop.
ZipDirectory::ZipDirectory(std::span<const std::byte> file, const std::string& name) : file_(file), name_(name) {
  constexpr std::string_view inside = "its zip directory";
  const Range range = find_directory();
  if (range.offset > file_.size() || range.size > file_.size() - range.offset) fail_damaged();
  ByteReader in(file_.subspan(range.offset, range.size), name_, inside);
  for (uint64_t i = 0; i < range.count; ++i) {
    ByteReader fixed(in.take(kEntrySize), name_, inside);
    if (fixed.little<uint32_t>() != kEntrySignature) fail_damaged();
    Entry entry;
    fixed.take(4);  // versions
    entry.flags = fixed.little<uint16_t>();
    entry.method = fixed.little<uint16_t>();
    fixed.take(4);  // time and date
    entry.crc = fixed.little<uint32_t>();
    entry.stored_bytes = fixed.little<uint32_t>();
    entry.bytes = fixed.little<uint32_t>();
    const auto name_size = fixed.little<uint16_t>();
    const auto extra_size = fixed.little<uint16_t>();
    const auto comment_size = fixed.little<uint16_t>();
    fixed.take(8);  // disk and attributes
    entry.header = fixed.little<uint32_t>();
    const std::string_view entry_name = in.text(name_size);
    read_zip64(ByteReader(in.take(extra_size), name_, inside), entry);
    in.take(comment_size);
    check(entries_.emplace(entry_name, entry).second, ErrorKind::Input, "{}: the zip holds {} twice; download it again",
          name_, in_quotes(entry_name));
  }
}

void ZipDirectory::fail_damaged() const {
  fail(ErrorKind::Input, "{}: the zip's directory is damaged; download it again", name_);
}

// The end record is 22 bytes and may be followed by a comment of up to 65535, so it has no fixed place: it is searched
// for from the back. Its signature may also occur in the comment; a comment that fits into the file is asked for as
// well.
//
//   offset   0          10        12       16       20
//            PK56 | ... | entries | size   | offset | comment length | comment
ZipDirectory::Range ZipDirectory::find_directory() const {
  const size_t lowest = file_.size() > kEndSize + kMaxComment ? file_.size() - kEndSize - kMaxComment : 0;
  size_t end = file_.size() >= kEndSize ? file_.size() - kEndSize + 1 : 0;
  const auto is_end = [&](size_t at) {
    return little_at<uint32_t>(file_, at) == kEndSignature &&
           at + kEndSize + little_at<uint16_t>(file_, at + 20) <= file_.size();
  };
  while (end > lowest && !is_end(end - 1)) --end;
  check(end > lowest, ErrorKind::Input, "{}: the zip's end is missing: the download was cut; download it again", name_);
  --end;
  Range range{little_at<uint32_t>(file_, end + 16), little_at<uint32_t>(file_, end + 12),
              little_at<uint16_t>(file_, end + 10)};
  // A zip64 locator stands right before the end record, where there is one, and holds the offset of the zip64 end at
  // byte 8.
  if (end < kLocator64Size || little_at<uint32_t>(file_, end - kLocator64Size) != kLocator64Signature) return range;
  const auto at = little_at<uint64_t>(file_, end - kLocator64Size + 8);
  if (at > file_.size()) fail_damaged();
  ByteReader in(file_.subspan(at), name_, "its zip directory");
  if (in.little<uint32_t>() != kEnd64Signature) fail_damaged();
  in.take(28);  // sizes of this record, versions, disks, entries on this disk
  range.count = in.little<uint64_t>();
  range.size = in.little<uint64_t>();
  range.offset = in.little<uint64_t>();
  return range;
}

Storage ZipDirectory::locate(std::string_view entry_name) const {
  const auto found = entries_.find(entry_name);
  check(found != entries_.end(), ErrorKind::Model, "{}: the zip has no {}; download it again", name_,
        in_quotes(entry_name));
  const Entry& entry = found->second;
  constexpr uint16_t encrypted = 1;
  constexpr uint16_t stored = 0;
  constexpr uint16_t deflated = 8;
  check((entry.flags & encrypted) == 0, ErrorKind::Model, "{}: the zip is encrypted; save it without a password",
        name_);
  check(entry.method == stored || entry.method == deflated, ErrorKind::Model,
        "{}: the zip is packed with method {}, which is not supported; save it with torch.save", name_, entry.method);
  if (entry.header > file_.size()) fail_damaged();
  // Name and extra field (torch's alignment padding) may differ from the directory's: only here is their true length.
  ByteReader local(file_.subspan(entry.header), name_, "its zip entries");
  if (local.little<uint32_t>() != kLocalSignature) fail_damaged();
  // Sizes and checksum are the directory's: where a data descriptor follows the entry, those in the local header are
  // zero.
  local.take(22);
  const auto name_size = local.little<uint16_t>();
  const auto extra_size = local.little<uint16_t>();
  local.take(size_t{name_size} + extra_size);
  const uint64_t offset = entry.header + local.position();
  if (entry.method == stored && entry.bytes != entry.stored_bytes) fail_damaged();
  local.take(entry.stored_bytes);
  return {offset, entry.stored_bytes, entry.bytes, entry.method == deflated, entry.crc};
}

std::span<const std::byte> ZipDirectory::content(std::string_view entry, std::vector<std::byte>& buffer) const {
  const Storage storage = locate(entry);
  std::span<const std::byte> bytes = file_.subspan(storage.offset, storage.stored_bytes);
  if (storage.deflated) {
    buffer = inflate_bytes(bytes, storage.bytes, name_);
    bytes = buffer;
  }
  check(crc32_of(bytes) == storage.crc, ErrorKind::Input,
        "{}: the checksum of {} is wrong: the file is damaged; download it again", name_, in_quotes(entry));
  return bytes;
}

}  // namespace animate::checkpoint
