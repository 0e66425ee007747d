#pragma once

#include <string>
#include <string_view>

namespace animate::serve {

// 128 random bits as 32 hexadecimal digits: names that nobody guesses, and that are safe as names of folders.
std::string new_id();
// Nothing else may become part of a path.
bool is_id(std::string_view text);

// Whether two secrets are equal, in a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace animate::serve
