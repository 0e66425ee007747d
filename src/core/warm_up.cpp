#include "core/warm_up.h"

#include <utility>

#include "base/error.h"

namespace animate::core {
namespace {

// The one whose work this thread is doing.
thread_local const WarmUp* working = nullptr;

}  // namespace

void WarmUp::start(std::function<void()> work) {
  check(!done_.valid(), ErrorKind::Internal, "a warm-up was started twice");
  std::promise<void> promise;
  done_ = promise.get_future().share();
  thread_ = std::jthread([this, work = std::move(work), promise = std::move(promise)]() mutable {
    working = this;
    try {
      work();
    } catch (...) {  // see start()
    }
    promise.set_value();
  });
}

void WarmUp::wait() const {
  if (done_.valid() && working != this) done_.wait();
}

}  // namespace animate::core
