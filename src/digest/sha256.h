#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace animate::digest {

// SHA-256 of bytes that come in pieces. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  // 64 small hexadecimal digits. Call it once, after the last piece.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The hash of a file's content, read in pieces: memory does not grow with the file.
// Throws Error(Input) for what cannot be read.
std::string sha256_of(const std::filesystem::path& path);

// The hash of a text.
std::string sha256_of_text(std::string_view text);

}  // namespace animate::digest
