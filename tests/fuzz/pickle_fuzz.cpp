#include "checkpoint/pickle.h"

#include "checkpoint/torch_content.h"
#include "fuzz/fuzz_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  animate::fuzz::refusals_only([&] {
    const std::string name = "fuzz";
    const animate::checkpoint::pickle::Tree tree =
        animate::checkpoint::pickle::parse(std::as_bytes(std::span(data, size)), name);
    const animate::checkpoint::StorageRefs refs = animate::checkpoint::storage_refs(tree, name);
    animate::checkpoint::torch_content(
        tree, refs, [](const animate::checkpoint::StorageRef&) { return size_t{0}; }, name);
  });
  return 0;
}
