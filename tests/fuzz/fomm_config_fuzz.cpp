#include <cstdint>
#include <cstdlib>
#include <string>

#include "animate/error.h"
#include "models/fomm/config.h"

// A config is data from a stranger too: any bytes give a config, or an error of the model.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const std::string yaml(reinterpret_cast<const char*>(data), size);
    const auto config = animate::fomm::Config::parse(yaml, "fuzz");
    config.check_frame_size(config.frame_height, config.frame_width);
  } catch (const animate::Error& error) {
    if (error.kind() != animate::ErrorKind::Model) std::abort();
  }
  return 0;
}
