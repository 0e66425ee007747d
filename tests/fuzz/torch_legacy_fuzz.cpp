#include "fuzz/fuzz_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // The fuzzer never guesses the first pickle, an integer of ten bytes: it is always there.
  constexpr uint8_t magic[] = {0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};
  std::vector<uint8_t> file(data, data + size);
  std::copy_n(magic, std::min(sizeof(magic), size), file.begin());
  animate::fuzz::read_everything(std::as_bytes(std::span(file)));
  return 0;
}
