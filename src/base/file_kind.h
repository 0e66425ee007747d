#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace animate {
inline namespace base {

// What a file turned out to be by its first bytes, for the readers' error sentences.
enum class FileKind { Empty, Html, LfsPointer, Tar, Gzip, Zip, Pickle, Safetensors, Playlist, Text, Other };

// Looks at the leading bytes only (512 are enough).
FileKind sniff(std::span<const std::byte> head);

// The same for a file; Empty when it cannot be read.
FileKind file_kind_of(const std::filesystem::path& path);

// Throws Error(Input) unless `path` is a readable, non-empty regular file.
// `what` completes "…; give …", as in "a picture or a video".
void require_file(const std::filesystem::path& path, const std::string& what);

// Throws Error(Input) when the file is something that a failed download leaves behind: empty, a web page
// or a Git-LFS pointer. Every reader calls it before it looks at the content.
void refuse_failed_download(const std::filesystem::path& path);

}  // namespace base
}  // namespace animate
