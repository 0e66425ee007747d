#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/error.h"

namespace animate::engine {

// LibTorch's messages have a C++ stack trace after the first line; users are shown the first line only.
inline std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The wall of libanimate: whatever `action` throws leaves as animate::Error. c10 errors that reach this far are faults
// of ours, except for exhausted memory.
template <typename Action>
auto translate_errors(Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& e) {
    const std::string text = first_line(e.what_without_backtrace());
    if (text.find("out of memory") != std::string::npos || text.find("not enough memory") != std::string::npos) {
      fail(ErrorKind::Input, "memory is exhausted; use a smaller model, another device or close other programs");
    }
    fail(ErrorKind::Internal, "internal error in LibTorch: {}", text);
  } catch (const std::bad_alloc&) {
    fail(ErrorKind::Input, "memory is exhausted; use a smaller model or close other programs");
  } catch (const std::exception& e) {
    fail(ErrorKind::Internal, "internal error: {}", first_line(e.what()));
  }
}

}  // namespace animate::engine
