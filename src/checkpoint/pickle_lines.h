#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/pickle.h"

namespace animate::checkpoint::pickle {

// Operands that protocols 0 and 1 write as a line of text. Each takes the line without its newline and returns nullopt
// for what Python would not write.

// The index that PUT and GET write: decimal digits.
std::optional<size_t> index_of(std::string_view digits);

// INT and LONG: decimal digits, maybe a sign, of LONG maybe an L at the end. INT writes False as 00 and True as 01.
std::optional<Value> integer_of(std::string_view line, bool is_long);

// FLOAT: as Python's repr() writes it.
std::optional<double> float_of(std::string_view line);

// UNICODE: bytes are Latin-1, other characters \uXXXX or \UXXXXXXXX; as UTF-8. Halves of surrogate pairs are kept
// apart, as Python keeps them.
std::optional<std::string> unicode_of(std::string_view line);

// STRING of Python 2: in quotes, with the escapes of a Python literal; the bytes.
std::optional<std::string> string_of(std::string_view line);

}  // namespace animate::checkpoint::pickle
