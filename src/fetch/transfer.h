#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace animate::fetch {

struct TransferRequest {
  std::string url;
  int64_t offset = 0;         // bytes that are here already; 0: all are wanted
  std::string etag;           // the version that they are of; the server then sends that or everything
  bool any_http = false;      // redirects may leave https
  double stall_seconds = 30;  // given up when next to nothing comes for so long
};

// What the server said of the bytes that follow.
struct TransferReply {
  long status = 0;
  std::string etag;              // only a strong one; empty: none
  std::string type;              // Content-Type
  int64_t first = 0;             // position of the first byte that comes
  std::optional<int64_t> total;  // size of the whole file, where the server tells
};

enum class TransferEnd {
  Done,
  Stopped,  // by the stop token
  Cut,      // trying again may help
  Refused,  // it will not
};

struct TransferResult {
  TransferEnd end = TransferEnd::Done;
  long status = 0;     // of the reply, where there was one
  std::string reason;  // for Cut and Refused: what completes "URL: …", with what to do
};

// One request over http(s) with at most five redirects. `begin` is called once with a reply of status 200 or 206 and
// before any of its bytes, `bytes` for every piece; what they throw comes out here. Other replies end as Cut or
// Refused.
TransferResult transfer(const TransferRequest& request, const std::function<void(const TransferReply&)>& begin,
                        const std::function<void(std::span<const char>)>& bytes, std::stop_token stop);

}  // namespace animate::fetch
