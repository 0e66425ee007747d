#pragma once

#include <string>

namespace animate::test {

// Says that the running test case needs something that this machine lacks, and why; the case must return after it:
//   if (!fs::exists(weights)) return test::skip("…/weights.pth is not here");
// Only cases tagged [optional] may be skipped. Each of them is a ctest of its own (animate_add_test), which ctest shows
// as skipped; a skip anywhere else fails the program, so that nothing can stop being tested in silence.
void skip(const std::string& why);

}  // namespace animate::test
