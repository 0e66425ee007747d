#include "serve/json_file.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/temp_file.h"
#include "base/write_errors.h"
#include "serve/problem.h"

namespace animate::serve {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

}  // namespace

std::string dump(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

void write_bytes(const fs::path& path, const std::string& bytes) {
  TempFile file(path);
  std::ofstream stream(file.path(), std::ios::binary);
  stream << bytes;
  stream.close();
  check_written(stream, path);
  file.commit();
}

void write_json(const fs::path& path, const Json& document) { write_bytes(path, dump(document) + "\n"); }

std::string read_bytes(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::optional<Json> read_json(const fs::path& path) {
  const std::string text = read_bytes(path);
  Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return std::nullopt;
  return document;
}

std::string text_member(const nlohmann::json& request, const char* name) {
  if (!request.contains(name) || request.at(name).is_null()) return {};
  if (!request.at(name).is_string()) throw Refusal(422, std::string(name) + ": is no text");
  return request.at(name);
}

void make_data_folder(const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  check(fs::is_directory(folder), ErrorKind::Input, "{}: the folder cannot be made ({}); choose another --data folder",
        show(folder), ec.message());
}

uint64_t bytes_below(const fs::path& folder) {
  std::error_code ec;
  uint64_t bytes = 0;
  for (fs::recursive_directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code none;
    if (entry->is_regular_file(none)) {
      const auto size = entry->file_size(none);
      bytes += none ? 0 : size;
    }
  }
  return bytes;
}

}  // namespace animate::serve
