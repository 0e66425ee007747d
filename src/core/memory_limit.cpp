#include "core/memory_limit.h"

#include <c10/util/Exception.h>

#include <algorithm>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"

namespace animate::core {

std::string memory_sizes(const std::string& words) {
  const std::string line = words.substr(0, words.find('\n'));
  const size_t begin = line.find("ried to allocate");
  if (begin == std::string::npos) return line;
  const std::string last = " free";
  const size_t end = line.find(last, begin);
  std::string sizes = "t" + line.substr(begin, end == std::string::npos ? end : end + last.size() - begin);
  // 1.13 has them in brackets that go on.
  if (std::count(sizes.begin(), sizes.end(), '(') > std::count(sizes.begin(), sizes.end(), ')')) sizes += ")";
  return sizes;
}

void MemoryLimit::run(int64_t count, int64_t width, int64_t height, const Work& work) const {
  const int64_t limit = most_;
  int64_t at_once = limit > 0 ? std::min(limit, count) : count;
  bool halved = limit > 0;
  for (int64_t first = 0; first < count;) {
    const int64_t now = std::min(at_once, count - first);
    std::string sizes;
    try {
      work(first, now);
      first += now;
      continue;
    } catch (const c10::OutOfMemoryError& error) {
      sizes = memory_sizes(error.what_without_backtrace());
    }
    // Outside of the handler: what the exception keeps alive is gone.
    const std::string much = fmt::format("{} of {}x{} at once ({})", counted(now, "frame"), width, height, sizes);
    check(
        !halved && now > 1, ErrorKind::Input,
        "the device's memory is exhausted with {}; close what else runs there, or use --precision fp16 or --device cpu",
        much);
    halved = true;
    at_once = now / 2;
    most_ = at_once;
    log::warn("the device's memory is exhausted with {}; going on with {}", much, at_once);
  }
}

}  // namespace animate::core
