#include "fuzz/fuzz_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  animate::fuzz::read_everything(std::as_bytes(std::span(data, size)));
  return 0;
}
