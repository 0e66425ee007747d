// In every test program that uses LibTorch: its convolutions are right before the first test asks them.
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2 shows its listeners only then
#include "core/convolution_check.h"
#include "support/catch.h"

#if __has_include(<catch2/catch_all.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

namespace {

class RightConvolutions : public Listener {
 public:
  using Listener::Listener;
  void testRunStarting(const Catch::TestRunInfo&) override { animate::use_right_convolutions(2); }
};
CATCH_REGISTER_LISTENER(RightConvolutions)

}  // namespace
