#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "serve/message.h"

namespace animate::serve {

inline constexpr const char* kKeyCookie = "animate_key";

// Who may ask, and from where. Not changed once the server runs.
class Access {
 public:
  struct Settings {
    std::string host;                          // as --host says
    std::map<std::string, std::string> keys;   // key -> name; empty: whoever reaches the server may use it
    std::vector<std::string> allowed_origins;  // "https://example.org"
    std::vector<std::string> allowed_hosts;    // names besides localhost, addresses and --host
  };
  explicit Access(Settings settings) : settings_(std::move(settings)) {}

  // Against pages of other sites (CSRF) and names that suddenly mean this machine (DNS rebinding). Throws Refusal(400)
  // without a Host, Refusal(403) for a Host that is not ours and for an Origin that is neither ours nor allowed.
  void check_origin(const RequestHead& head) const;
  // The name of the request's key, from `Authorization: Bearer` or the page's cookie; empty where no keys are needed.
  // Throws Refusal(401).
  std::string owner_of(const RequestHead& head) const;
  // Whether `key` is one.
  bool knows(std::string_view key) const;
  bool needs_key() const { return !settings_.keys.empty(); }
  // The Origin that is to be allowed in the answer's headers; empty: none.
  std::string allowed_origin(const RequestHead& head) const;

 private:
  Settings settings_;
};

// A key a line, "NAME KEY"; empty lines and those that begin with # do not count. Throws Error(Input) for a file that
// cannot be read, a line of another form, a key below 16 characters, a name or key that is there twice.
std::map<std::string, std::string> read_keys(const std::filesystem::path& path);

// The key of the folder's own, made and kept (readable by its owner only) where it is not there yet.
std::string own_key(const std::filesystem::path& data);

// Whether an address or name means this machine and nobody else.
bool is_loopback(const std::string& host);

}  // namespace animate::serve
