#pragma once

#include "serve/problem.h"

namespace animate::test {

// The status of the Refusal that `action` throws; 0 where it throws none.
template <typename Action>
int refusal_of(Action&& action) {
  try {
    action();
    return 0;
  } catch (const serve::Refusal& refusal) {
    return refusal.status();
  }
}

}  // namespace animate::test
