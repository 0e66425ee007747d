#include "fetch/address.h"

#include <curl/curl.h>

#include <memory>

#include "base/error.h"

namespace animate::fetch {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

Url parse(const std::string& text) {
  Url url(curl_url());
  if (url != nullptr && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

std::string part_of(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string result = text;
  curl_free(text);
  return result;
}

}  // namespace

void check_address(const std::string& url, bool any_http) {
  const Url parts = parse(url);
  const std::string scheme = parts ? part_of(parts, CURLUPART_SCHEME) : "";
  const std::string host = parts ? part_of(parts, CURLUPART_HOST) : "";
  check((scheme == "https" || scheme == "http") && !host.empty(), ErrorKind::Input,
        "{}: is no http or https address; correct it", show_address(url));
  const bool here = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
  check(scheme == "https" || any_http || here, ErrorKind::Input,
        "{}: is not encrypted; use https, or name the server with --from if you trust it", show_address(url));
}

std::string show_address(const std::string& url) {
  const size_t start = url.find("://");
  const size_t host = start == std::string::npos ? 0 : start + 3;
  const size_t slash = std::min(url.find('/', host), url.size());
  const size_t at = url.rfind('@', slash);
  const bool secret = at != std::string::npos && at >= host && at < slash;
  return show(secret ? url.substr(0, host) + url.substr(at + 1) : url);
}

std::string join_address(const std::string& base, const std::string& path) {
  return base + (base.ends_with('/') ? "" : "/") + path;
}

}  // namespace animate::fetch
