// In test programs that convolve batches themselves (animate_add_test): LibTorch's convolutions are right meanwhile.
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2 shows its listeners only then
#include <optional>

#include "core/right_convolutions.h"
#include "support/catch.h"

#if __has_include(<catch2/catch_all.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

namespace {

class WithRightConvolutions : public Listener {
 public:
  using Listener::Listener;
  void testRunStarting(const Catch::TestRunInfo&) override { right_.emplace(animate::kManyAtOnce); }

 private:
  std::optional<animate::RightConvolutions> right_;
};
CATCH_REGISTER_LISTENER(WithRightConvolutions)

}  // namespace
