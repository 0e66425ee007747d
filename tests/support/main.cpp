// The runner of every test program: Catch2's, plus the account of what was skipped (support/skip.h).
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
using Listener = Catch::EventListenerBase;
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
using Listener = Catch::TestEventListenerBase;
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <iostream>
#include <limits>

#include "support/skip.h"

namespace {

// ctest's SKIP_RETURN_CODE (scripts/cmake/AnimateHelpers.cmake).
constexpr int kSkipped = 77;

struct Account {
  int started = 0;
  int skipped = 0;
  bool optional = false;      // whether the running case is
  bool in_this_case = false;  // whether it was skipped already
  bool against_the_rule = false;
};
Account account;

class CaseListener : public Listener {
 public:
  using Listener::Listener;
  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    ++account.started;
    account.optional = info.tagsAsString().find("[optional]") != std::string::npos;
    account.in_this_case = false;
  }
};
CATCH_REGISTER_LISTENER(CaseListener)

}  // namespace

namespace animate::test {

void skip(const std::string& why) {
  std::cout << "skipped: " << why << "\n";
  if (!account.optional) {
    std::cout << "error: a test case that may be skipped has to be tagged [optional]\n";
    account.against_the_rule = true;
  }
  // A case with sections starts once and may be skipped in each of them.
  if (!account.in_this_case) ++account.skipped;
  account.in_this_case = true;
}

}  // namespace animate::test

int main(int argc, char** argv) {
#ifdef __GLIBC__
  // As the program itself does (cli/engine_loader.cpp): a network's maps are megabytes, and glibc would fetch each of
  // them from the system and give it back, page fault by page fault, which takes several times as long as the
  // arithmetic of a small network.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
#endif
  const int result = Catch::Session().run(argc, argv);
  if (result != 0) return result;
  // Called for one case by name, as ctest does: if there is none of that name, nothing was tested.
  if (argc == 2 && argv[1][0] != '-' && account.started == 0) {
    std::cout << "error: there is no test case called " << argv[1] << "\n";
    return 1;
  }
  if (account.against_the_rule) return 1;
  return account.skipped > 0 && account.skipped == account.started ? kSkipped : 0;
}
