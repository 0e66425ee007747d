#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "checkpoint/content.h"

namespace animate::checkpoint {

// The central directory of a zip in memory: names, sizes and offsets; zip64 and data descriptors included. The bytes
// must outlive it. Throws Error(Input) for a cut or damaged zip. Safe to share between threads once made.
class ZipDirectory {
 public:
  struct Entry {
    uint16_t flags = 0;
    uint16_t method = 0;
    uint32_t crc = 0;
    uint64_t stored_bytes = 0;  // as packed in the file
    uint64_t bytes = 0;         // unpacked; the same unless deflated
    uint64_t header = 0;        // offset of the local header
  };
  using Entries = std::map<std::string_view, Entry, std::less<>>;

  ZipDirectory(std::span<const std::byte> file, const std::string& name);

  const Entries& entries() const { return entries_; }
  bool contains(std::string_view entry) const { return entries_.contains(entry); }

  // Where the entry's bytes lie, checked against the file. The entry must exist, else Error(Model).
  Storage locate(std::string_view entry) const;

  // The entry's bytes with their CRC-32 verified: a view of the file, or of `buffer` when they are deflated.
  std::span<const std::byte> content(std::string_view entry, std::vector<std::byte>& buffer) const;

 private:
  struct Range {
    uint64_t offset;
    uint64_t size;
    uint64_t count;
  };
  Range find_directory() const;
  [[noreturn]] void fail_damaged() const;

  std::span<const std::byte> file_;
  const std::string& name_;
  Entries entries_;
};

}  // namespace animate::checkpoint
