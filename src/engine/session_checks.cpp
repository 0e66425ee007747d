#include "engine/session_checks.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "catalog/option_json.h"

namespace animate::engine {
namespace {

// Options that say something about a whole clip. Each refuses its own value but the default.
constexpr auto kWholeClip = std::to_array<std::string_view>({"reference", "start", "end", "fps", "smooth", "on-lost",
                                                             "on-mismatch", "silent-lips", "animal", "driving-fps",
                                                             "source-fps", "video-stream", "deinterlace", "keep-gaps"});

// Options that only count while a session is opened.
constexpr auto kWhenOpened = std::to_array<std::string_view>(
    {"crop",          "paste-back",    "feather",    "device",         "half",     "precision", "batch",
     "threads",       "conv",          "max-dim",    "face",           "bbox",     "points",    "detector",
     "landmarks-106", "landmarks-203", "det-thresh", "scale",          "vx-ratio", "vy-ratio",  "rotation",
     "compat",        "align-corners", "frame-size", "source-division"});

template <typename Names>
bool among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void check_session_options(const AnimateOptions& options) {
  const auto changed = catalog::changed_options(options);
  for (const auto& [name, value] : changed.items()) {
    check(!among(kWholeClip, name), ErrorKind::Usage,
          "--{}: needs a whole clip, and a session sees one picture after the other; leave it out", name);
  }
}

void check_session_change(const AnimateOptions& before, const AnimateOptions& after) {
  check_session_options(after);
  AnimateOptions old = before;
  AnimateOptions changed = after;
  const auto old_rows = catalog::rows_of(old);
  const auto rows = catalog::rows_of(changed);
  for (size_t i = 0; i < rows.size(); ++i) {
    check(!among(kWhenOpened, rows[i].name()) || catalog::json_of(rows[i]) == catalog::json_of(old_rows[i]),
          ErrorKind::Usage, "--{}: is settled when a session is opened; open another one", rows[i].name());
  }
}

}  // namespace animate::engine
