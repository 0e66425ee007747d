#include "fetch/transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <exception>
#include <memory>
#include <string_view>

#include "animate/version.h"
#include "base/error.h"

// One request by libcurl, with HTTP's way of going on after a cut (RFC 9110, sections 13.1.5 and 14):
//
//   we ask      Range: bytes=OFFSET-         what is missing
//               If-Range: "ETag"             only if the file is still the one we have the beginning of
//   answers     206 Content-Range: bytes OFFSET-LAST/TOTAL    the rest: append it
//               200                          another version, or no ranges here: all of it, from the start
//               416                          nothing behind OFFSET: our beginning is not of this file
//
// If-Range takes only strong ETags, "abc" and not W/"abc": a weak one promises equal meaning, not equal bytes.
namespace animate::fetch {
namespace {

constexpr long kMostRedirects = 5;
constexpr long kConnectSeconds = 20;
constexpr long kSlowestBytesPerSecond = 100;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// One request under way: curl's callbacks come here, all on the calling thread, within curl_easy_perform().
//
//   redirect:  HTTP/1.1 302 ...  header lines  |  HTTP/1.1 200 ...  header lines  |  pieces of the body
//              reset                              reset                              begin_ once, then bytes_ for each
class Exchange {
 public:
  Exchange(CURL* handle, const std::function<void(const TransferReply&)>& begin,
           const std::function<void(std::span<const char>)>& bytes, std::stop_token stop)
      : handle_(handle), begin_(begin), bytes_(bytes), stop_(std::move(stop)) {}

  static size_t on_header(char* data, size_t size, size_t count, void* self) {
    static_cast<Exchange*>(self)->header({data, size * count});
    return size * count;
  }

  // Exceptions must not pass through curl, which is C and would leak or crash. They wait in thrown_, and returning
  // fewer bytes than came makes curl give up; transfer() then throws them again.
  static size_t on_bytes(char* data, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    try {
      exchange.body({data, size * count});
      return size * count;
    } catch (...) {
      exchange.thrown_ = std::current_exception();
      return 0;
    }
  }

  // Curl calls this about once a second even while nothing comes, so a stop request does not wait for the server.
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(self)->stop_.stop_requested() ? 1 : 0;
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }
  bool stopped() const { return stop_.stop_requested(); }
  bool good() const { return reply_.status == 200 || reply_.status == 206; }
  const TransferReply& reply() const { return reply_; }

  // Called with the first piece, when all headers are known, and again at the end for a reply without a body.
  void begin_if_good() {
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &reply_.status);
    if (good() && !begun_) {
      begun_ = true;
      begin_(reply_);
    }
  }

 private:
  void header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // of a redirect, or of its goal
      reply_ = {};
      ranged_total_ = false;
      return;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "etag" && value.starts_with('"') && value.size() < 200) reply_.etag = value;
    if (name == "content-type") reply_.type = value.substr(0, value.find(';'));
    if (name == "content-length" && !ranged_total_) reply_.total = number(value);
    if (name == "content-range") range(value);
  }

  // "bytes 100-199/200"; the size may be "*". From here on Content-Length no longer counts: in a 206 it is the length
  // of the piece, and the headers come in any order.
  void range(std::string_view value) {
    const size_t space = value.find(' '), dash = value.find('-'), slash = value.find('/');
    if (space == std::string_view::npos || dash == std::string_view::npos || slash == std::string_view::npos) return;
    reply_.first = number(value.substr(space + 1, dash - space - 1)).value_or(-1);
    reply_.total = number(value.substr(slash + 1));
    ranged_total_ = true;
  }

  void body(std::span<const char> piece) {
    begin_if_good();
    if (good()) bytes_(piece);
  }

  CURL* handle_;
  const std::function<void(const TransferReply&)>& begin_;
  const std::function<void(std::span<const char>)>& bytes_;
  std::stop_token stop_;
  TransferReply reply_;
  bool ranged_total_ = false;
  bool begun_ = false;
  std::exception_ptr thrown_;
};

// Which replies are worth another try: overload and faults of the server (429, 408, 5xx) pass, others stay as they are.
TransferResult judge_status(long status) {
  if (status == 404 || status == 410) {
    return {TransferEnd::Refused, status,
            fmt::format("the server has no such file ({}); check the address, or try again later", status)};
  }
  if (status == 401 || status == 403) {
    return {
        TransferEnd::Refused, status,
        fmt::format("the server does not hand it out ({}); fetch it by hand or from elsewhere with --from", status)};
  }
  const bool passing = status >= 500 || status == 429 || status == 408;
  return {passing ? TransferEnd::Cut : TransferEnd::Refused, status,
          fmt::format("the server answered {}; try again later, or elsewhere with --from", status)};
}

TransferResult judge_failure(CURLcode code, const char* detail, double stall) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {TransferEnd::Refused, 0, "the server's name is not known; check the address and the network"};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {TransferEnd::Refused, 0, "the proxy's name is not known; check the variable https_proxy"};
    case CURLE_COULDNT_CONNECT:
      return {TransferEnd::Cut, 0, "the server cannot be reached; check the network, or try again later"};
    case CURLE_TOO_MANY_REDIRECTS:
      return {TransferEnd::Refused, 0,
              fmt::format("it is redirected more than {} times; check the address", kMostRedirects)};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return {TransferEnd::Refused, 0, "it is redirected to what is not a safe http(s) address; check the address"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
      return {TransferEnd::Refused, 0,
              fmt::format("no trusted connection ({}); check the clock and the package ca-certificates", detail)};
    case CURLE_OPERATION_TIMEDOUT:
      return {TransferEnd::Cut, 0,
              fmt::format("nothing came for {:g} s; run the same command again, which goes on there", stall)};
    default: return {TransferEnd::Cut, 0, "the connection was cut; run the same command again, which goes on there"};
  }
}

// A redirect must not lead from https to plain http, nor to ftp:, which curl follows by default.
void limit_protocols(CURL* handle, bool any_http) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, any_http ? "http,https" : "https");
#else
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, any_http ? CURLPROTO_HTTP | CURLPROTO_HTTPS : CURLPROTO_HTTPS);
#endif
}

}  // namespace

TransferResult transfer(const TransferRequest& request, const std::function<void(const TransferReply&)>& begin,
                        const std::function<void(std::span<const char>)>& bytes, std::stop_token stop) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, FreeEasy> handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
  check(handle != nullptr, ErrorKind::Internal, "libcurl cannot be started");
  Exchange exchange(handle.get(), begin, bytes, std::move(stop));

  std::string detail(CURL_ERROR_SIZE, '\0');
  curl_easy_setopt(handle.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, "animate/" ANIMATE_VERSION);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_MAXREDIRS, kMostRedirects);
  limit_protocols(handle.get(), request.any_http || request.url.starts_with("http://"));
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(request.stall_seconds)));
  curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &Exchange::on_bytes);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &exchange);

  std::unique_ptr<curl_slist, FreeList> headers;
  const std::string range = fmt::format("{}-", request.offset);
  if (request.offset > 0) {
    curl_easy_setopt(handle.get(), CURLOPT_RANGE, range.c_str());
    if (!request.etag.empty()) headers.reset(curl_slist_append(nullptr, ("If-Range: " + request.etag).c_str()));
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  }

  // In this order: what our callbacks threw and a stop request both look like curl's own failures afterwards.
  const CURLcode code = curl_easy_perform(handle.get());
  exchange.rethrow();
  if (exchange.stopped()) return {TransferEnd::Stopped, 0, {}};
  if (code != CURLE_OK) return judge_failure(code, detail.c_str(), request.stall_seconds);
  exchange.begin_if_good();
  return exchange.good() ? TransferResult{} : judge_status(exchange.reply().status);
}

}  // namespace animate::fetch
