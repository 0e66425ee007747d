#include "core/warm_up.h"

#include <atomic>
#include <stdexcept>

#include "support/catch.h"

using namespace animate::core;
using namespace animate;

TEST_CASE("who waits for a warm-up finds its work done") {
  std::atomic<bool> go = false;
  int done = 0;
  WarmUp warm_up;
  warm_up.wait();  // nothing to wait for yet
  warm_up.start([&] {
    while (!go) std::this_thread::yield();
    done = 1;
  });
  go = true;
  warm_up.wait();
  CHECK(done == 1);
  warm_up.wait();
}

TEST_CASE("the work itself may call what waits for it") {
  WarmUp warm_up;
  bool passed = false;
  warm_up.start([&] {
    warm_up.wait();
    passed = true;
  });
  warm_up.wait();
  CHECK(passed);
}

TEST_CASE("a warm-up that fails is over, and one that is let go is waited for") {
  int done = 0;
  {
    WarmUp warm_up;
    warm_up.start([] { throw std::runtime_error("no memory"); });
    warm_up.wait();
    WarmUp other;
    other.start([&] { done = 1; });
  }
  CHECK(done == 1);
}
