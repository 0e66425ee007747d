#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <unordered_map>

#include "base/error.h"
#include "base/file_kind.h"
#include "checkpoint/content.h"
#include "checkpoint/inflate.h"
#include "checkpoint/mapped_file.h"
#include "checkpoint/printable.h"

namespace animate::checkpoint {
namespace {

// Large arrays are copied in pieces, so that the mapped pages of one piece at a time are resident.
constexpr size_t kPiece = size_t{8} << 20;

// Whatever the bytes are, only animate::Error leaves this room.
template <typename Action>
auto translated(const std::string& name, Action&& action) {
  try {
    return action();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    fail(ErrorKind::Input, "{}: needs more memory than there is; close other programs or give another file", name);
  } catch (const std::length_error&) {
    fail(ErrorKind::Input, "{}: needs more memory than there is; close other programs or give another file", name);
  } catch (const std::exception& error) {
    fail(ErrorKind::Model, "{}: cannot be read ({}); download it again", name, error.what());
  }
}

// A header length of 0x...80 looks like a pickle and one of 0x8b1f like gzip; the brace after it and a length that
// fits tell safetensors apart.
bool is_safetensors(std::span<const std::byte> bytes) {
  uint64_t header = 0;
  if (bytes.size() <= sizeof(header)) return false;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return bytes[8] == std::byte{'{'} && header <= bytes.size() - sizeof(header);
}

Checkpoint::Format format_of(std::span<const std::byte> bytes, const std::string& name) {
  if (is_safetensors(bytes)) return Checkpoint::Format::Safetensors;
  switch (sniff(bytes)) {
    case FileKind::Safetensors: return Checkpoint::Format::Safetensors;
    case FileKind::Zip: return is_npz(bytes, name) ? Checkpoint::Format::Npz : Checkpoint::Format::TorchZip;
    case FileKind::Pickle: return Checkpoint::Format::TorchLegacy;
    case FileKind::Tar: fail(ErrorKind::Input, "{}: is a tar archive, not a checkpoint; unpack it first", name);
    case FileKind::Gzip: fail(ErrorKind::Input, "{}: is a gzip archive, not a checkpoint; unpack it first", name);
    case FileKind::Playlist:
    case FileKind::Text:
      fail(ErrorKind::Input, "{}: is a text file, not a checkpoint; give a .safetensors, .pth or .pth.tar file", name);
    default: fail(ErrorKind::Input, "{}: is not a checkpoint; give a .safetensors, .pth or .pth.tar file", name);
  }
}

Content read_content(Checkpoint::Format format, std::span<const std::byte> bytes, const std::string& name) {
  switch (format) {
    case Checkpoint::Format::Safetensors: return read_safetensors(bytes, name);
    case Checkpoint::Format::TorchZip: return read_torch_zip(bytes, name);
    case Checkpoint::Format::Npz: return read_npz(bytes, name);
    case Checkpoint::Format::TorchLegacy: break;
  }
  return read_torch_legacy(bytes, name);
}

}  // namespace

struct Checkpoint::State {
  std::string name;
  std::optional<MappedFile> file;
  std::span<const std::byte> bytes;
  Format format = Format::Safetensors;
  Content content;
  std::vector<std::string> names;
  std::unordered_map<std::string, size_t> index;
  std::unique_ptr<std::atomic<bool>[]> verified;  // one a storage: its CRC-32 was right

  const StoredArray& array(const std::string& array_name) const {
    const auto found = index.find(array_name);
    check(found != index.end(), ErrorKind::Model, "{}: has no tensor {}; give another checkpoint", name,
          in_quotes(array_name));
    return content.arrays[found->second];
  }

  void release(std::span<const std::byte> part) const {
    if (file) file->release(part);
  }

  void verify(size_t storage, std::span<const std::byte> inflated, bool mapped) const {
    const std::optional<uint32_t> expected = content.storages[storage].crc;
    if (!expected || verified[storage].load(std::memory_order_relaxed)) return;
    uint32_t crc = 0;
    for (size_t done = 0; done < inflated.size(); done += kPiece) {
      const auto piece = inflated.subspan(done, std::min(kPiece, inflated.size() - done));
      crc = crc32_of(piece, crc);
      if (mapped) release(piece);
    }
    check(crc == *expected, ErrorKind::Input,
          "{}: the checksum of a tensor is wrong: the file is damaged; download it again", name);
    verified[storage].store(true, std::memory_order_relaxed);
  }

  void read(const StoredArray& array, std::span<std::byte> out) const {
    const Storage& storage = content.storages[array.storage];
    const auto stored = bytes.subspan(storage.offset, storage.stored_bytes);
    if (storage.deflated) {
      const std::vector<std::byte> inflated = inflate_bytes(stored, storage.bytes, name);
      release(stored);
      verify(array.storage, inflated, false);
      gather(array.info, inflated.data() + array.byte_offset, out);
      return;
    }
    verify(array.storage, stored, true);
    const auto source = stored.subspan(array.byte_offset);
    if (!array.info.contiguous()) {
      gather(array.info, source.data(), out);
      release(source);
      return;
    }
    for (size_t done = 0; done < out.size(); done += kPiece) {
      const auto piece = source.subspan(done, std::min(kPiece, out.size() - done));
      std::memcpy(out.data() + done, piece.data(), piece.size());
      release(piece);
    }
  }
};

Checkpoint Checkpoint::make(std::shared_ptr<State> state) {
  State& made = *state;
  translated(made.name, [&] {
    made.format = format_of(made.bytes, made.name);
    made.content = read_content(made.format, made.bytes, made.name);
    const std::vector<StoredArray>& arrays = made.content.arrays;
    check(!arrays.empty(), ErrorKind::Model, "{}: holds no tensors; give a checkpoint with weights", made.name);
    made.names.reserve(arrays.size());
    for (size_t i = 0; i < arrays.size(); ++i) {
      made.names.push_back(arrays[i].name);
      made.index.emplace(arrays[i].name, i);
    }
    made.verified = std::make_unique<std::atomic<bool>[]>(made.content.storages.size());
    // Parsing touched a page or so of every storage, and the kernel mapped the pages round it.
    made.release(made.bytes);
  });
  return Checkpoint(std::move(state));
}

Checkpoint Checkpoint::open(const std::filesystem::path& path) {
  require_file(path, "a checkpoint file");
  refuse_failed_download(path);
  auto state = std::make_shared<State>();
  state->name = show(path);
  state->file.emplace(path);
  state->bytes = state->file->bytes();
  return make(std::move(state));
}

Checkpoint Checkpoint::parse(std::span<const std::byte> bytes, std::string shown_name) {
  auto state = std::make_shared<State>();
  state->name = std::move(shown_name);
  state->bytes = bytes;
  return make(std::move(state));
}

const std::string& Checkpoint::name() const { return state_->name; }
Checkpoint::Format Checkpoint::format() const { return state_->format; }
const std::vector<std::string>& Checkpoint::names() const { return state_->names; }
bool Checkpoint::contains(const std::string& name) const { return state_->index.contains(name); }
const ArrayInfo& Checkpoint::info(const std::string& name) const { return state_->array(name).info; }
const std::map<std::string, std::string>& Checkpoint::metadata() const { return state_->content.metadata; }
const std::vector<std::pair<std::string, std::string>>& Checkpoint::scalars() const { return state_->content.scalars; }
const std::vector<std::string>& Checkpoint::foreign() const { return state_->content.foreign; }

void Checkpoint::read(const std::string& name, std::span<std::byte> out) const {
  const StoredArray& array = state_->array(name);
  check(out.size() == array.info.size_bytes(), ErrorKind::Internal, "{} bytes were given for '{}', which has {}",
        out.size(), name, array.info.size_bytes());
  translated(state_->name, [&] { state_->read(array, out); });
}

}  // namespace animate::checkpoint
