#include "cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "cli/exit_code.h"

namespace animate::cli {

std::stop_token stop_on_interrupt() {
  static std::stop_source source;
  // request_stop() is not allowed in a signal handler, so a thread waits for the signals; all threads started later
  // inherit the mask and are left alone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    source.request_stop();
    sigwait(&signals, &signal);
    ::_exit(static_cast<int>(ExitCode::Interrupted));
  }).detach();
  // A closed pipe is an error to report, not a reason to vanish.
  std::signal(SIGPIPE, SIG_IGN);
  return source.get_token();
}

}  // namespace animate::cli
