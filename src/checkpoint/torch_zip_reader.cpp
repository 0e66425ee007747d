#include <map>

#include "base/error.h"
#include "checkpoint/content.h"
#include "checkpoint/printable.h"
#include "checkpoint/torch_content.h"
#include "checkpoint/zip_directory.h"

namespace animate::checkpoint {
namespace {

// "archive/" or "<file name>/": the folder of the one entry called data.pkl.
std::string find_root(const ZipDirectory& zip, const std::string& name) {
  constexpr std::string_view pickle_name = "data.pkl";
  for (const auto& [entry, unused] : zip.entries()) {
    if (entry.ends_with("/data.pkl")) return std::string(entry.substr(0, entry.size() - pickle_name.size()));
  }
  fail(ErrorKind::Model,
       "{}: is a zip without a checkpoint's data.pkl; unpack it first if the checkpoint lies inside, or give another "
       "file",
       name);
}

void check_byte_order(const ZipDirectory& zip, const std::string& root, const std::string& name) {
  const std::string entry = root + "byteorder";
  if (!zip.contains(entry)) return;
  std::vector<std::byte> buffer;
  const auto content = zip.content(entry, buffer);
  const std::string_view order(reinterpret_cast<const char*>(content.data()), content.size());
  check(order == "little", ErrorKind::Model,
        "{}: was saved on a big-endian machine ({}); save it again on an ordinary one", name, in_quotes(order));
}

}  // namespace

Content read_torch_zip(std::span<const std::byte> file, const std::string& name) {
  const ZipDirectory zip(file, name);
  const std::string root = find_root(zip, name);
  check(!zip.contains(root + "constants.pkl"), ErrorKind::Model,
        "{}: is a TorchScript program, not a checkpoint; save the module's state_dict() with torch.save instead", name);
  check_byte_order(zip, root, name);

  std::vector<std::byte> buffer;
  const pickle::Tree tree = pickle::parse(zip.content(root + "data.pkl", buffer), name);
  const StorageRefs refs = storage_refs(tree, name);
  std::vector<Storage> storages;
  std::map<std::string_view, size_t> index_of_key;
  for (pickle::Id id = 0; id < tree.values.size(); ++id) {
    const auto found = refs.find(id);
    if (found == refs.end()) continue;
    const StorageRef& ref = found->second;
    const auto [position, is_new] = index_of_key.emplace(ref.key, storages.size());
    if (is_new) storages.push_back(zip.locate(fmt::format("{}data/{}", root, ref.key)));
    check(storages[position->second].bytes == ref.bytes(), ErrorKind::Model,
          "{}: the storage {} has {} bytes where {} are announced; download it again", name, in_quotes(ref.key),
          storages[position->second].bytes, ref.bytes());
  }
  Content content = torch_content(
      tree, refs, [&](const StorageRef& ref) { return index_of_key.at(ref.key); }, name);
  content.storages = std::move(storages);
  return content;
}

}  // namespace animate::checkpoint
