#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace animate::test {

// Appends one line of JSON to the file that $ANIMATE_TEST_RESULTS names, with the device and precision of this run in
// it; nothing where it names none. scripts/gpu_check.sh makes its table of these lines.
void report(const std::string& what, nlohmann::ordered_json facts);

}  // namespace animate::test
