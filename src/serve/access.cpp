#include "serve/access.h"

#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/file_kind.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/target.h"

namespace animate::serve {
namespace {

constexpr size_t kShortestKey = 16;

std::string small(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// "localhost:7860" and "[::1]:7860" without the port.
std::string without_port(const std::string& host) {
  if (host.starts_with("[")) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_address(const std::string& host) {
  if (host.starts_with("[")) return true;
  return !host.empty() &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& item) { return small(item) == text; });
}

}  // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

void Access::check_origin(const RequestHead& head) const {
  const std::string host = small(head.header("host"));
  if (host.empty()) throw Refusal(400, "the request has no Host; send one");
  const std::string name = without_port(host);
  // An address cannot be made to mean another machine, a name can.
  if (name != "localhost" && !is_address(name) && name != small(settings_.host) &&
      !holds(settings_.allowed_hosts, name)) {
    throw Refusal(403, fmt::format("{}: is no name of this server; open it by its address, or start it with "
                                   "--allow-host {}",
                                   name, name));
  }
  const std::string origin = small(head.header("origin"));
  if (origin.empty()) {
    if (head.header("sec-fetch-site") == "cross-site" && head.method != "GET" && head.method != "HEAD") {
      throw Refusal(403, "pages of other sites may not use this server");
    }
    return;
  }
  const std::string own = (head.secure ? "https://" : "http://") + host;
  if (origin == own || holds(settings_.allowed_origins, origin)) return;
  throw Refusal(403, fmt::format("{}: pages of other sites may not use this server; start it with --allow-origin {}",
                                 origin, origin));
}

std::string Access::allowed_origin(const RequestHead& head) const {
  const std::string origin(head.header("origin"));
  return !origin.empty() && holds(settings_.allowed_origins, small(origin)) ? origin : std::string();
}

bool Access::knows(std::string_view key) const {
  return std::any_of(settings_.keys.begin(), settings_.keys.end(),
                     [&](const auto& known) { return same_secret(known.first, key); });
}

std::string Access::owner_of(const RequestHead& head) const {
  if (settings_.keys.empty()) return {};
  constexpr std::string_view bearer = "Bearer ";
  const std::string_view header = head.header("authorization");
  const std::string key = header.starts_with(bearer) ? std::string(header.substr(bearer.size()))
                                                     : cookie_of(head.header("cookie"), kKeyCookie);
  if (key.empty()) throw Refusal(401, "this server needs a key; send it as `Authorization: Bearer KEY`");
  for (const auto& [known, name] : settings_.keys) {
    if (same_secret(known, key)) return name;
  }
  throw Refusal(401, "the key is none of this server's; ask whoever started it");
}

std::map<std::string, std::string> read_keys(const std::filesystem::path& path) {
  require_file(path, "a file of keys, a line for each: NAME KEY");
  std::map<std::string, std::string> keys;
  std::set<std::string> names;
  std::ifstream stream(path);
  size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    std::istringstream words(line);
    std::string name, key, more;
    words >> name >> key >> more;
    if (name.empty() || name.starts_with("#")) continue;
    check(!key.empty() && more.empty(), ErrorKind::Input, "{}: line {} is not NAME KEY; correct it", show(path),
          number);
    check(key.size() >= kShortestKey, ErrorKind::Input,
          "{}: the key in line {} has fewer than {} characters; choose a longer one", show(path), number, kShortestKey);
    check(names.insert(name).second && keys.emplace(key, name).second, ErrorKind::Input,
          "{}: line {} has a name or key that another line has; each is for one", show(path), number);
  }
  check(!keys.empty(), ErrorKind::Input, "{}: holds no key; write a line NAME KEY for each", show(path));
  return keys;
}

std::string own_key(const std::filesystem::path& data) {
  const std::filesystem::path path = data / "key";
  std::string key = read_bytes(path);
  while (!key.empty() && key.back() == '\n') key.pop_back();
  if (key.size() >= kShortestKey) return key;
  key = new_id();
  write_bytes(path, key + "\n");
  ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
  return key;
}

}  // namespace animate::serve
