#include <cstdint>
#include <cstdlib>
#include <string>

#include "animate/error.h"
#include "models/autoencoder/config.h"
#include "models/fomm/config.h"
#include "models/liveportrait/config.h"

namespace {

template <typename Parse>
void expect_only_model_errors(Parse&& parse) {
  try {
    parse();
  } catch (const animate::Error& error) {
    if (error.kind() != animate::ErrorKind::Model) std::abort();
  }
}

}  // namespace

// A config is data from a stranger too: any bytes give a config, or an error of the model.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  expect_only_model_errors([&] {
    const auto config = animate::models::fomm::Config::parse(yaml, "fuzz");
    config.check_frame_size(config.frame_height, config.frame_width);
  });
  expect_only_model_errors([&] { animate::models::liveportrait::Config::parse(yaml, "fuzz"); });
  expect_only_model_errors([&] { animate::models::autoencoder::Config::parse(yaml, "fuzz"); });
  return 0;
}
