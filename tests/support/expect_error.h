#pragma once

#include <string>

#include "animate/error.h"
#include "support/catch.h"

namespace animate::test {

// Runs `action`, which must throw animate::Error of `kind`; returns its message for exact comparison.
template <typename Action>
std::string error_of(ErrorKind kind, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(static_cast<int>(error.kind()) == static_cast<int>(kind));
    return error.what();
  }
  FAIL("no animate::Error was thrown");
  return {};
}

}  // namespace animate::test
