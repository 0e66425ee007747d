#pragma once

#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "animate/error.h"
#include "serve/message.h"

namespace animate::serve {

// A request that is answered with an error of HTTP's own: who may, what is there, how much. Its sentence is for people,
// as that of animate::Error.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

// The status that tells who has to act: 422 for what the client gave, 507 for a full disk, 500 for a fault of ours.
int status_of(ErrorKind kind);

// The disk below the server's folder is full: whoever asks cannot choose another output, and learns no path.
inline constexpr const char* kDiskFull = "the server's disk is full; delete files and jobs, or free some of it";
// Refusal(507) for what the operating system says when a file or folder is not made.
Refusal cannot_store(std::error_code error);

// What HTTP calls a status: "Not Found".
std::string title_of(int status);

// An RFC 9457 problem document.
Response problem(int status, const std::string& sentence);

// The problem of the exception that is being handled; to be called inside catch (...).
Response problem_of_current_exception();

// Texts of the engine name files by their paths. Here they are shown by the names that people gave them.
class PathNames {
 public:
  // Every place where `path` stands in a text is shown as `name`.
  void add(const std::filesystem::path& path, const std::string& name);
  std::string shown(std::string text) const;

 private:
  std::vector<std::pair<std::string, std::string>> names_;
};

}  // namespace animate::serve
