#pragma once

#include "support/catch.h"

// What runs once before a program's tests, in both versions of Catch2; version 2 needs
// CATCH_CONFIG_EXTERNAL_INTERFACES.

namespace animate::test {

#if __has_include(<catch2/catch_all.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

}  // namespace animate::test
