#include "serve/problem.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/write_errors.h"

namespace animate::serve {

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
    case ErrorKind::Input:
    case ErrorKind::Model: return 422;
    case ErrorKind::DiskFull: return 507;
    case ErrorKind::Cancelled: return 503;
    case ErrorKind::Internal: return 500;
  }
  return 500;
}

Refusal cannot_store(std::error_code error) {
  if (is_full_disk(error.value())) return {507, kDiskFull};
  return {507, "the server cannot store what was sent (" + error.message() + "); ask whoever started it"};
}

std::string title_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
  }
}

Response json_response(int status, std::string json) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(json);
  return response;
}

Response problem(int status, const std::string& sentence) {
  const nlohmann::ordered_json document{
      {"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"detail", sentence}};
  Response response =
      json_response(status, document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  response.headers.front().second = "application/problem+json";
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"animate\"");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "5");
  return response;
}

Response problem_of_current_exception() {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return problem(refusal.status(), refusal.what());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Internal) log::error("{}", error.what());
    if (error.kind() == ErrorKind::DiskFull) return problem(507, kDiskFull);
    return problem(status_of(error.kind()), error.what());
  } catch (const std::bad_alloc&) {
    return problem(503, "memory is exhausted; try again when the server has less to do");
  } catch (const std::exception& error) {
    log::error("internal error: {}", error.what());
    return problem(500, "internal error; the server's log tells more");
  }
}

void PathNames::add(const std::filesystem::path& path, const std::string& name) {
  names_.emplace_back(show(path), name);
  // The longest first: a folder is the beginning of what lies in it.
  std::stable_sort(names_.begin(), names_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string PathNames::shown(std::string text) const {
  for (const auto& [path, name] : names_) {
    if (path.empty()) continue;
    for (size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size())) {
      text.replace(at, path.size(), name);
    }
  }
  return text;
}

}  // namespace animate::serve
