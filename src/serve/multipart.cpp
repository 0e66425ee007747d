#include "serve/multipart.h"

#include <algorithm>
#include <cctype>

#include "serve/problem.h"
#include "serve/target.h"

namespace animate::serve {
namespace {

constexpr size_t kLongestHeaders = 8192;

bool starts_with_letters(std::string_view text, std::string_view small) {
  return text.size() >= small.size() && std::equal(small.begin(), small.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

}  // namespace

MultipartReader::MultipartReader(const std::string& boundary, Events events)
    : mark_("\r\n--" + boundary), events_(std::move(events)), held_("\r\n") {
  const bool allowed =
      !boundary.empty() && boundary.size() <= 70 && std::all_of(boundary.begin(), boundary.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
      });
  if (!allowed) throw Refusal(400, "the request names no boundary of its parts; send multipart/form-data; boundary=…");
}

void MultipartReader::write(std::string_view bytes) {
  held_ += bytes;
  while (step()) {
  }
}

void MultipartReader::finish() const {
  if (state_ != State::Done) throw Refusal(400, "the request's parts end before their last boundary; send it again");
}

// One state further with what is held; false: more bytes are needed.
bool MultipartReader::step() {
  switch (state_) {
    case State::Preamble: {
      const size_t at = held_.find(mark_);
      if (at == std::string::npos) {
        if (held_.size() > kLongestHeaders)
          throw Refusal(400, "the request's first boundary is missing; send it again");
        return false;
      }
      held_.erase(0, at + mark_.size());
      state_ = State::AfterBoundary;
      return true;
    }
    case State::AfterBoundary: {
      if (held_.size() < 2) return false;
      if (held_.starts_with("--")) {
        state_ = State::Done;
      } else if (held_.starts_with("\r\n")) {
        state_ = State::Headers;
      } else {
        throw Refusal(400, "a boundary of the request's parts is followed by other bytes; send it again");
      }
      if (state_ == State::Done) held_.erase(0, 2);
      return true;
    }
    case State::Headers: {
      const size_t end = held_.find("\r\n\r\n");
      if (end == std::string::npos) {
        if (held_.size() > kLongestHeaders) throw Refusal(400, "the headers of one of the request's parts have no end");
        return false;
      }
      take_headers(std::string_view(held_).substr(0, end));
      held_.erase(0, end + 4);
      state_ = State::Data;
      return true;
    }
    case State::Data: return take_data();
    case State::Done: held_.clear(); return false;
  }
  return false;
}

bool MultipartReader::take_data() {
  const size_t at = held_.find(mark_);
  if (at != std::string::npos) {
    if (at > 0) events_.data(std::string_view(held_).substr(0, at));
    events_.end();
    held_.erase(0, at + mark_.size());
    state_ = State::AfterBoundary;
    return true;
  }
  // The beginning of a boundary may stand at the end.
  const size_t keep = std::min(held_.size(), mark_.size() - 1);
  const size_t ready = held_.size() - keep;
  if (ready > 0) {
    events_.data(std::string_view(held_).substr(0, ready));
    held_.erase(0, ready);
  }
  return false;
}

void MultipartReader::take_headers(std::string_view lines) {
  Part part;
  while (!lines.empty()) {
    if (lines.starts_with("\r\n")) lines.remove_prefix(2);
    const size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    if (starts_with_letters(line, "content-disposition:")) {
      part.name = parameter_of(line, "name");
      part.filename = parameter_of(line, "filename");
    } else if (starts_with_letters(line, "content-type:")) {
      part.type = line.substr(line.find(':') + 1);
      part.type.erase(0, std::min(part.type.find_first_not_of(' '), part.type.size()));
    }
    lines.remove_prefix(end);
  }
  events_.begin(part);
}

}  // namespace animate::serve
