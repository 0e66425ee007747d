// In test programs that call LibTorch themselves (animate_add_test): its convolutions are right, as choose_device()
// sees to in the program.
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2 shows its listeners only then
#include "core/right_convolutions.h"
#include "support/catch.h"
#include "support/listener.h"

namespace {

using animate::test::Listener;

class MendConvolutions : public Listener {
 public:
  using Listener::Listener;
  void testRunStarting(const Catch::TestRunInfo&) override { animate::core::mend_convolutions(); }
};
CATCH_REGISTER_LISTENER(MendConvolutions)

}  // namespace
