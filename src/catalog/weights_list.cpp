#include "catalog/weights_list.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file_kind.h"
#include "catalog/program_files.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// An object of the document with its place in it, for sentences such as "models[1].files[0]: size is missing".
class Row {
 public:
  // `optional`: keys more, which may be left out.
  Row(const Json& json, std::string place, const std::string& shown, std::initializer_list<std::string_view> keys,
      std::initializer_list<std::string_view> optional = {})
      : json_(json), place_(std::move(place)), shown_(shown) {
    if (!json.is_object()) complain("is no object");
    for (const auto& item : json.items()) {
      const auto is_among = [&](const auto& list) {
        return std::find(list.begin(), list.end(), item.key()) != list.end();
      };
      if (!is_among(keys) && !is_among(optional)) complain("the key " + item.key() + " is unknown");
    }
    for (const std::string_view key : keys) {
      if (!json.contains(key)) complain("the key " + std::string(key) + " is missing");
    }
  }

  std::string text(const char* key) const {
    const Json& value = json_.at(key);
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) complain(std::string(key) + " is no text");
    const auto& text = value.get_ref<const std::string&>();
    // Texts reach the terminal: nothing in them may move its cursor.
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
      complain(std::string(key) + " holds control characters");
    }
    return text;
  }

  bool flag(const char* key) const {
    if (!json_.at(key).is_boolean()) complain(std::string(key) + " is neither true nor false");
    return json_.at(key).get<bool>();
  }

  int64_t size(const char* key) const {
    const Json& value = json_.at(key);
    constexpr int64_t most = int64_t{1} << 50;
    const bool sound = value.is_number_unsigned() && value.get<uint64_t>() > 0 && value.get<uint64_t>() < most;
    if (!sound) complain(std::string(key) + " is no number of bytes");
    return value.get<int64_t>();
  }

  bool has(const char* key) const { return json_.contains(key); }
  bool is_null(const char* key) const { return json_.at(key).is_null(); }

  const Json& list(const char* key) const {
    if (!json_.at(key).is_array() || json_.at(key).empty()) complain(std::string(key) + " is no list with entries");
    return json_.at(key);
  }

  [[noreturn]] void complain(const std::string& fault) const {
    fail(ErrorKind::Input, "{}: {}{}{}; correct the list or install the program again", shown_, place_,
         place_.empty() ? "" : ": ", fault);
  }

 private:
  const Json& json_;
  std::string place_;
  const std::string& shown_;
};

// Relative, without "..", and of characters that mean the same in an address and in a file name.
bool is_plain_path(const std::string& text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '/';
  };
  if (!std::all_of(text.begin(), text.end(), plain) || text.front() == '/' || text.back() == '/') return false;
  if (text.find("//") != std::string::npos) return false;
  const fs::path path = text;
  return std::all_of(path.begin(), path.end(),
                     [](const fs::path& part) { return !part.empty() && part != "." && part != ".."; });
}

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_name(const std::string& text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

PublishedFile read_file(const Json& json, const std::string& place, const std::string& shown) {
  const Row row(json, place, shown, {"path", "url", "size", "sha256", "licence", "needed", "purpose"},
                {"only_with", "exact"});
  PublishedFile file;
  file.path = row.text("path");
  if (!is_plain_path(file.path)) row.complain("path is not a plain path inside the model's folder");
  if (!row.is_null("url")) {
    file.url = row.text("url");
    if (!file.url.starts_with("https://") && !file.url.starts_with("http://"))
      row.complain("url is no http(s) address");
  }
  file.bytes = row.size("size");
  file.sha256 = row.text("sha256");
  if (!is_hash(file.sha256)) row.complain("sha256 is not 64 lower-case hex digits");
  file.licence = row.text("licence");
  file.needed = row.flag("needed");
  file.purpose = row.text("purpose");
  if (row.has("exact")) file.exact = row.flag("exact");
  if (row.has("only_with")) file.only_with = row.text("only_with");
  return file;
}

PublishedModel read_model(const Json& json, const std::string& place, const std::string& shown) {
  const Row row(json, place, shown, {"name", "family", "about", "page", "files"}, {"licence_page", "gated"});
  PublishedModel model{row.text("name"), row.text("family"), row.text("about"), row.text("page"), {}, {}, false};
  if (!is_name(model.name)) row.complain("name is not of lower-case letters, digits and dashes");
  if (row.has("licence_page")) model.licence_page = row.text("licence_page");
  if (row.has("gated")) model.gated = row.flag("gated");
  std::set<std::string> paths;
  for (const Json& entry : row.list("files")) {
    const std::string inner = fmt::format("{}.files[{}]", place, model.files.size());
    model.files.push_back(read_file(entry, inner, shown));
    if (!paths.insert(model.files.back().path).second) row.complain("files has " + model.files.back().path + " twice");
  }
  return model;
}

}  // namespace

// A header may hold names in another order and a few words more; weights are all of the rest.
bool PublishedFile::fits(int64_t size) const {
  constexpr int64_t of_header = 200;  // one part of so many
  return exact ? size == bytes : std::abs(size - bytes) <= bytes / of_header;
}

PublishedModel PublishedModel::without_extras() const { return with_extras({}); }

PublishedModel PublishedModel::with_extras(std::string_view flag) const {
  PublishedModel chosen = *this;
  std::erase_if(chosen.files,
                [&](const PublishedFile& file) { return !file.only_with.empty() && file.only_with != flag; });
  return chosen;
}

int64_t PublishedModel::bytes() const {
  int64_t sum = 0;
  for (const PublishedFile& file : files) sum += file.bytes;
  return sum;
}

bool PublishedModel::fetchable() const {
  return std::any_of(files.begin(), files.end(), [](const PublishedFile& file) { return !file.url.empty(); });
}

std::string PublishedModel::licences() const {
  std::vector<std::string> seen;
  for (const PublishedFile& file : files) {
    if (std::find(seen.begin(), seen.end(), file.licence) == seen.end()) seen.push_back(file.licence);
  }
  return fmt::format("{}", fmt::join(seen, "; "));
}

const PublishedModel* WeightsList::of(std::string_view name) const {
  const auto found = std::find_if(models.begin(), models.end(), [&](const auto& model) { return model.name == name; });
  return found == models.end() ? nullptr : &*found;
}

WeightsList parse_weights_list(std::string_view text, const std::string& shown) {
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  check(!document.is_discarded(), ErrorKind::Input, "{}: is not JSON; correct the list or install the program again",
        shown);
  const Row row(document, "", shown, {"models"});
  WeightsList list;
  for (const Json& entry : row.list("models")) {
    const PublishedModel model = read_model(entry, fmt::format("models[{}]", list.models.size()), shown);
    if (list.of(model.name) != nullptr) row.complain("models has " + model.name + " twice");
    list.models.push_back(model);
  }
  return list;
}

WeightsList published_weights() {
  const auto read = [](const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    return parse_weights_list(text, show(path));
  };
  if (const char* own = std::getenv("ANIMATE_WEIGHTS_LIST"); own != nullptr && *own != '\0') {
    require_file(own, "a list of published weights");
    return read(own);
  }
  std::error_code ec;
  for (const fs::path& folder : program_configs()) {
    if (fs::is_regular_file(folder / "weights.json", ec)) return read(folder / "weights.json");
  }
  fail(ErrorKind::Input, "configs/weights.json: the list of published weights is not found; install the program again");
}

}  // namespace animate::catalog
