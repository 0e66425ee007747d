#pragma once

#include <string_view>

namespace animate::checkpoint::pickle {

// What a pickle's reference to a class or function means to a reader that never imports anything.
enum class Trust {
  Known,      // data that the readers understand, and plain containers
  Foreign,    // anything else: kept as a name, a call of it is an inert value
  Forbidden,  // the interpreter or the operating system: a call of it means that the file is an attack
};

Trust trust_in(std::string_view module, std::string_view name);

}  // namespace animate::checkpoint::pickle
