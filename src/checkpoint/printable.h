#pragma once

#include <string>
#include <string_view>

namespace animate::checkpoint {

// Text out of a file, fit for a terminal and for JSON: valid UTF-8 is kept; control characters and bytes that
// are not UTF-8 are written as \xNN. The identity for every name that torch.save writes.
std::string printable(std::string_view text);

// printable(), cut to about 120 bytes and put in single quotes: for names inside error sentences.
std::string in_quotes(std::string_view text);

}  // namespace animate::checkpoint
