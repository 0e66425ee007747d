#include "checkpoint/pickle.h"

#include "checkpoint/torch_content.h"
#include "fuzz/fuzz_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  animate::fuzz::refusals_only([&] {
    const std::string name = "fuzz";
    const animate::pickle::Tree tree = animate::pickle::parse(std::as_bytes(std::span(data, size)), name);
    const animate::StorageRefs refs = animate::storage_refs(tree, name);
    animate::torch_content(
        tree, refs, [](const animate::StorageRef&) { return size_t{0}; }, name);
  });
  return 0;
}
