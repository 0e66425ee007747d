#include "base/file_kind.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

#include "base/error.h"

namespace animate {
inline namespace base {
namespace {

namespace fs = std::filesystem;

bool starts_with_no_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

bool is_text(std::string_view head) {
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

// A list of other files, as M3U8, FFmpeg's concat script, PLS, SDP and DASH spell it. Whether a demuxer takes one for a
// list depends on FFmpeg's version and on the file's name; what a file says of itself does not.
bool is_playlist(std::string_view body) {
  for (const std::string_view start : {"#EXTM3U", "ffconcat version", "[playlist]", "v=0\no=", "v=0\r\no="}) {
    if (starts_with_no_case(body, start)) return true;
  }
  return body.starts_with('<') && body.find("<MPD") != std::string_view::npos;
}

// Takes the letters, digits, dots and underscores at the start of `text` off it; whether there were any.
bool take_word(std::string_view& text) {
  const size_t end = std::find_if_not(text.begin(), text.end(),
                                      [](char c) {
                                        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
                                      }) -
                     text.begin();
  text.remove_prefix(end);
  return end > 0;
}

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// PUT n or BINPUT, by which a pickle remembers what it has just begun.
bool take_memo(std::string_view& text) {
  if (text.size() > 1 && text[0] == 'q') return text.remove_prefix(2), true;
  if (text.size() < 2 || text[0] != 'p' || std::isdigit(static_cast<unsigned char>(text[1])) == 0) return false;
  text.remove_prefix(1);
  return take_word(text) && take(text, "\n");
}

// A key as UNICODE, STRING, BINUNICODE or SHORT_BINSTRING.
bool begins_with_key(std::string_view text) {
  if (take(text, "V")) return take_word(text) && text.starts_with('\n');
  if (take(text, "S'")) return take_word(text) && text.starts_with("'\n");
  if (text.size() > 5 && text[0] == 'X') return text.substr(2, 3) == std::string_view("\0\0\0", 3);
  return text.size() > 2 && text[0] == 'U' && text[1] > 0 && take_word(text);
}

// Pickles of protocols 0 and 1 have no signature. They begin with a dict or list that is remembered or filled at once,
// or with a class by its name.
bool is_old_pickle(std::string_view text) {
  if (take(text, "(d") || take(text, "(l")) return take_memo(text) || begins_with_key(text);
  if (take(text, "}") || take(text, "]")) {
    const bool remembered = take_memo(text);
    const bool filled = take(text, "(");
    return (remembered && filled) || begins_with_key(text);
  }
  if (!take(text, "c") || !take_word(text) || !take(text, "\n") || !take_word(text) || !take(text, "\n")) return false;
  return text.starts_with('(') || text.starts_with(')') || take_memo(text);
}

}  // namespace

FileKind sniff(std::span<const std::byte> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), std::min<size_t>(head.size(), 512));
  if (text.empty()) return FileKind::Empty;
  if (text.starts_with("version https://git-lfs")) return FileKind::LfsPointer;
  const size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  const std::string_view body = first == std::string_view::npos ? text : text.substr(first);
  if (starts_with_no_case(body, "<!doctype html") || starts_with_no_case(body, "<html")) return FileKind::Html;
  if (is_playlist(body)) return FileKind::Playlist;
  // First of the binary kinds: its header length may spell another kind's signature.
  if (text.size() >= 9 && text[8] == '{') return FileKind::Safetensors;
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) return FileKind::Zip;
  if (text.starts_with("\x1f\x8b")) return FileKind::Gzip;
  if (text.size() >= 262 && text.substr(257, 5) == "ustar") return FileKind::Tar;
  if (text.size() >= 2 && text[0] == '\x80' && text[1] >= 0 && text[1] <= 5) return FileKind::Pickle;
  if (is_old_pickle(text)) return FileKind::Pickle;
  return is_text(text) ? FileKind::Text : FileKind::Other;
}

void require_file(const fs::path& path, const std::string& what) {
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  if (status.type() == fs::file_type::not_found) {
    fail(ErrorKind::Input, "{}: no such file; check the path", show(path));
  }
  if (ec) fail(ErrorKind::Input, "{}: cannot be looked at ({}); check the path", show(path), ec.message());
  if (fs::is_directory(status)) fail(ErrorKind::Input, "{}: is a folder; give {}", show(path), what);
  if (!fs::is_regular_file(status)) {
    fail(ErrorKind::Input, "{}: is not a regular file; give {}", show(path), what);
  }
  if (::access(path.c_str(), R_OK) != 0) {
    fail(ErrorKind::Input, "{}: cannot be read ({}); change its permissions", show(path), std::strerror(errno));
  }
  if (fs::file_size(path, ec) == 0) {
    fail(ErrorKind::Input, "{}: the file is empty; download or copy it again", show(path));
  }
}

FileKind file_kind_of(const fs::path& path) {
  std::array<std::byte, 512> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  return sniff({head.data(), static_cast<size_t>(file.gcount())});
}

void refuse_failed_download(const fs::path& path) {
  switch (file_kind_of(path)) {
    case FileKind::Empty: fail(ErrorKind::Input, "{}: the file is empty; download or copy it again", show(path));
    case FileKind::Html:
      fail(ErrorKind::Input, "{}: is a web page, not the file it is named after; download the file itself", show(path));
    case FileKind::LfsPointer:
      fail(ErrorKind::Input, "{}: is a Git-LFS pointer, not the file itself; run `git lfs pull` in its repository",
           show(path));
    default: return;
  }
}

}  // namespace base
}  // namespace animate
