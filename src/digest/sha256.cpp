#include "digest/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

#include "base/error.h"

namespace animate::digest {
namespace {

constexpr size_t kPiece = size_t{1} << 20;

void require(int result) { check(result == 1, ErrorKind::Internal, "OpenSSL cannot compute SHA-256"); }

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

struct Sha256::State {
  State() : context(EVP_MD_CTX_new()) {
    if (context == nullptr) throw std::bad_alloc();
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string sha256_of(const std::filesystem::path& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  check(file.fd >= 0, ErrorKind::Input, "{}: cannot be opened ({}); check the path and its permissions", show(path),
        std::strerror(errno));
  Sha256 hash;
  std::vector<std::byte> piece(kPiece);
  for (;;) {
    const ssize_t count = ::read(file.fd, piece.data(), piece.size());
    if (count == 0) return hash.finish();
    if (count < 0 && errno == EINTR) continue;
    check(count > 0, ErrorKind::Input, "{}: cannot be read ({}); check the disk", show(path), std::strerror(errno));
    hash.add(std::span(piece).first(static_cast<size_t>(count)));
  }
}

std::string sha256_of_text(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hash.finish();
}

}  // namespace animate::digest
