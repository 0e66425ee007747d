#include "device/device_report.h"

#include <cstdlib>
#include <fstream>

#include "animate/option_visitor.h"
#include "device/device_models.h"
#include "support/device.h"

namespace animate::test {

void report(const std::string& what, nlohmann::ordered_json facts) {
  const char* file = std::getenv("ANIMATE_TEST_RESULTS");
  if (file == nullptr) return;
  nlohmann::ordered_json line{
      {"what", what}, {"device", device().str()}, {"precision", std::string(word_of(precision()))}};
  line.update(facts);
  std::ofstream(file, std::ios::app) << line.dump() << "\n";
}

}  // namespace animate::test
