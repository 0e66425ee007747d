#include "fuzz/fuzz_checkpoint.h"
#include "onnx/model.h"

// Reading, checking and making static; OpenCV's importer is not ours to fuzz.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  animate::fuzz::refusals_only([&] {
    const auto bytes = std::as_bytes(std::span(data, size));
    for (const int64_t side : {int64_t{8}, int64_t{224}}) {
      animate::onnx::Model model = animate::onnx::Model::parse(bytes, "fuzz");
      model.first_operations(8);
      animate::fuzz::refusals_only([&] {
        model.fix_input({1, 3, side, side});
        // What was made static must still be a model that passes the checks.
        const std::string again = model.bytes();
        animate::onnx::Model::parse(std::as_bytes(std::span(again.data(), again.size())), "fuzz");
      });
    }
  });
  return 0;
}
