#pragma once

#include <string>

namespace animate::cli {

// "0.1.0 (c48f4fb012)": the version and the commit of this build, with ", changed since" where the checkout was not
// clean; the version alone where the commit is not known.
std::string program_version();

}  // namespace animate::cli
