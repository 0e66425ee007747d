#include <map>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/content.h"
#include "checkpoint/printable.h"
#include "checkpoint/torch_content.h"

namespace animate::checkpoint {
namespace {

constexpr std::string_view kMagic = "119547037146038801333356";
constexpr int64_t kVersion = 1001;

// The sequence of pickles at the start of the file.
class PickleSequence {
 public:
  PickleSequence(std::span<const std::byte> file, const std::string& name) : file_(file), name_(name) {}

  pickle::Tree next() {
    pickle::Tree tree = pickle::parse(file_.subspan(position_), name_);
    position_ += tree.consumed;
    return tree;
  }
  std::span<const std::byte> rest() const { return file_.subspan(position_); }
  size_t position() const { return position_; }

 private:
  std::span<const std::byte> file_;
  const std::string& name_;
  size_t position_ = 0;
};

void check_header(PickleSequence& pickles, const std::string& name) {
  const pickle::Tree magic = pickles.next();
  const auto* number = magic.get<pickle::BigInt>(magic.root);
  check(number != nullptr && number->decimal == kMagic, ErrorKind::Model,
        "{}: is a pickle, but not one that torch.save wrote; give a checkpoint", name);
  const pickle::Tree version = pickles.next();
  const auto* value = version.get<int64_t>(version.root);
  check(value != nullptr && *value == kVersion, ErrorKind::Model,
        "{}: has a version that torch.save never wrote; download it again", name);
  const pickle::Tree system = pickles.next();
  const auto* facts = system.get<pickle::Mapping>(system.root);
  check(facts != nullptr, ErrorKind::Model, "{}: its header is malformed; download it again", name);
  for (const auto& [key, fact] : facts->items) {
    const auto* text = system.get<pickle::Text>(key);
    if (text == nullptr || text->value != "little_endian") continue;
    const auto* little = system.get<bool>(fact);
    check(little != nullptr && *little, ErrorKind::Model,
          "{}: was saved on a big-endian machine; save it again on an ordinary one", name);
  }
}

// Every storage that the pickle mentions, by key; one key must always mean the same storage.
std::map<std::string_view, StorageRef> by_key(const StorageRefs& refs, const std::string& name) {
  std::map<std::string_view, StorageRef> storages;
  for (const auto& [id, ref] : refs) {
    const StorageRef& first = storages.emplace(ref.key, ref).first->second;
    check(first.dtype == ref.dtype && first.numel == ref.numel, ErrorKind::Model,
          "{}: the storage {} is described in two ways; download it again", name, in_quotes(ref.key));
  }
  return storages;
}

}  // namespace

Content read_torch_legacy(std::span<const std::byte> file, const std::string& name) {
  PickleSequence pickles(file, name);
  check_header(pickles, name);
  const pickle::Tree tree = pickles.next();
  const pickle::Tree keys = pickles.next();
  const auto* list = keys.get<pickle::Sequence>(keys.root);
  check(list != nullptr, ErrorKind::Model, "{}: its list of storages is malformed; download it again", name);

  const StorageRefs refs = storage_refs(tree, name);
  const std::map<std::string_view, StorageRef> known = by_key(refs, name);
  std::map<std::string_view, size_t> index_of_key;
  std::vector<Storage> storages;
  ByteReader in(pickles.rest(), name, "its numbers");
  for (const pickle::Id id : list->items) {
    const auto* key = keys.get<pickle::Text>(id);
    const auto found = key == nullptr ? known.end() : known.find(key->value);
    check(found != known.end(), ErrorKind::Model, "{}: lists a storage that nothing in it uses; download it again",
          name);
    check(index_of_key.emplace(found->first, storages.size()).second, ErrorKind::Model,
          "{}: lists the storage {} twice; download it again", name, in_quotes(found->first));
    const auto count = in.little<int64_t>();
    check(count == found->second.numel, ErrorKind::Model,
          "{}: the storage {} has {} elements where {} are announced; download it again", name, in_quotes(found->first),
          count, found->second.numel);
    const uint64_t bytes = found->second.bytes();
    storages.push_back({pickles.position() + in.position(), bytes, bytes, false, std::nullopt});
    in.take(bytes);
  }

  const auto index_of = [&](const StorageRef& ref) {
    const auto found = index_of_key.find(ref.key);
    check(found != index_of_key.end(), ErrorKind::Model, "{}: the storage {} is missing; download it again", name,
          in_quotes(ref.key));
    return found->second;
  };
  Content content = torch_content(tree, refs, index_of, name);
  content.storages = std::move(storages);
  return content;
}

}  // namespace animate::checkpoint
