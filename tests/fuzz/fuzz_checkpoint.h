#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "base/error.h"
#include "checkpoint/checkpoint.h"

namespace animate::fuzz {

// Runs `action` on hostile bytes: a refusal is fine; anything else that is thrown ends the fuzzer with a crash.
template <typename Action>
void refusals_only(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Input && error.kind() != ErrorKind::Model) throw;
  }
}

// Opens the bytes and reads every array of modest size.
inline void read_everything(std::span<const std::byte> bytes) {
  constexpr size_t modest = size_t{1} << 16;
  refusals_only([&] {
    const checkpoint::Checkpoint checkpoint = checkpoint::Checkpoint::parse(bytes, "fuzz");
    std::vector<std::byte> out;
    for (const std::string& name : checkpoint.names()) {
      const size_t size = checkpoint.info(name).size_bytes();
      if (size > modest) continue;
      out.resize(size);
      refusals_only([&] { checkpoint.read(name, out); });
    }
  });
}

}  // namespace animate::fuzz
