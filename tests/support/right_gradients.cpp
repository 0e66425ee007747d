// In test programs that train without the run that holds it: gradients of convolutions are right too.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <optional>

#include "core/right_convolutions.h"
#include "support/catch.h"
#include "support/listener.h"

namespace {

using animate::test::Listener;

class HoldRightGradients : public Listener {
 public:
  using Listener::Listener;
  void testRunStarting(const Catch::TestRunInfo&) override { right_.emplace(); }

 private:
  std::optional<animate::core::RightGradients> right_;
};
CATCH_REGISTER_LISTENER(HoldRightGradients)

}  // namespace
