#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>

#include "serve/message.h"
#include "serve/target.h"

namespace animate::serve {

// Beast's first lines as ours; nullopt where the address cannot be read.
template <typename Body>
std::optional<RequestHead> head_of(const boost::beast::http::request<Body>& request, bool secure) {
  const auto text = request.target();
  auto target = parse_target({text.data(), text.size()});
  if (!target) return std::nullopt;
  RequestHead head;
  head.method = std::string(request.method_string());
  head.path = std::move(target->path);
  head.query = std::move(target->query);
  head.secure = secure;
  for (const auto& field : request) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    // Of several the first counts: nobody in between decides otherwise by adding one.
    head.headers.emplace(std::move(name), std::string(field.value()));
  }
  return head;
}

// The first lines of an answer, with the empty one behind them.
std::string head_text(const Response& response, bool close);

}  // namespace animate::serve
