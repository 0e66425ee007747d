#include "serve/file_answer.h"

#include <spdlog/fmt/fmt.h>

#include <cctype>
#include <string_view>

#include "serve/problem.h"
#include "serve/target.h"

namespace animate::serve {

std::string disposition(const std::string& how, const std::string& name) {
  std::string text = how + "; filename*=UTF-8''";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos);
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text;
}

Response file_answer(const RequestHead& head, const std::filesystem::path& path, const std::string& type,
                     const std::string& name, const std::string& tag) {
  std::error_code ec;
  const uint64_t size = std::filesystem::file_size(path, ec);
  if (ec) throw Refusal(404, "there is nothing to be shown of this");
  const std::string quoted = "\"" + tag + "\"";
  Response response;
  response.headers = {
      {"Content-Type", type},
      {"Accept-Ranges", "bytes"},
      {"ETag", quoted},
      {"Cache-Control", "private, no-cache"},
      // What people upload is shown, and does nothing.
      {"Content-Security-Policy", "sandbox; default-src 'none'"},
      {"Content-Disposition", disposition(head.query.contains("download") ? "attachment" : "inline", name)}};
  if (head.header("if-none-match") == quoted) {
    response.status = 304;
    return response;
  }
  response.file = FilePart{path, 0, size};
  const std::string_view wanted = head.header("range");
  const std::string_view if_range = head.header("if-range");
  const bool one = wanted.starts_with("bytes=") && wanted.find(',') == std::string_view::npos;
  if (!one || (!if_range.empty() && if_range != quoted)) return response;
  const auto range = parse_range(wanted, size);
  if (!range) {
    response = problem(416, fmt::format("{}: lies outside of the {} bytes that there are", wanted, size));
    response.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return response;
  }
  response.status = 206;
  response.file = FilePart{path, range->first, range->length};
  response.headers.emplace_back("Content-Range",
                                fmt::format("bytes {}-{}/{}", range->first, range->first + range->length - 1, size));
  return response;
}

}  // namespace animate::serve
