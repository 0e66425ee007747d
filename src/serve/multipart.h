#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace animate::serve {

// multipart/form-data (RFC 7578) as it arrives, in pieces of any length. Parts go out as they come: memory does not
// grow with the body. Not thread-safe.
class MultipartReader {
 public:
  struct Part {
    std::string name;      // of the form's field
    std::string filename;  // as the client says; a name for people, never a path; empty for a field without a file
    std::string type;
  };
  struct Events {
    std::function<void(const Part&)> begin;
    std::function<void(std::string_view)> data;
    std::function<void()> end;
  };

  // `boundary` as the Content-Type names it. Throws Refusal(400) for one that RFC 2046 does not allow.
  MultipartReader(const std::string& boundary, Events events);

  // Throws Refusal(400) for what is no multipart.
  void write(std::string_view bytes);
  // The body is over. Throws Refusal(400) where it is not whole.
  void finish() const;

 private:
  enum class State { Preamble, AfterBoundary, Headers, Data, Done };

  bool step();
  bool take_data();
  void take_headers(std::string_view lines);

  std::string mark_;  // line end, two dashes, boundary
  Events events_;
  State state_ = State::Preamble;
  std::string held_;  // not yet understood; bounded
};

}  // namespace animate::serve
