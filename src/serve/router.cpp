#include "serve/router.h"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "serve/problem.h"
#include "serve/target.h"

namespace animate::serve {
namespace {

bool is_capture(const std::string& part) { return part.size() > 2 && part.front() == '{' && part.back() == '}'; }

std::optional<std::vector<std::string>> match(const std::string& pattern, const std::vector<std::string>& path) {
  const auto parts = split_path(pattern);
  if (parts.size() != path.size()) return std::nullopt;
  std::vector<std::string> captures;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (is_capture(parts[i])) {
      captures.push_back(path[i]);
    } else if (parts[i] != path[i]) {
      return std::nullopt;
    }
  }
  return captures;
}

}  // namespace

void Router::add(Route route) { routes_.push_back(std::move(route)); }

Router::Match Router::find(const std::string& method, const std::string& path) const {
  const auto parts = split_path(path);
  std::string others;
  for (const Route& route : routes_) {
    auto captures = match(route.pattern, parts);
    if (!captures) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, std::move(*captures)};
    others += (others.empty() ? "" : ", ") + route.method;
  }
  if (!others.empty()) throw Refusal(405, fmt::format("{} is not possible here; {} is", method, others));
  throw Refusal(404, "there is nothing here; /api/v1/openapi.json lists what there is");
}

}  // namespace animate::serve
