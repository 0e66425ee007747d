#include "batch/job_keys.h"

#include <nlohmann/json.hpp>

#include "catalog/option_json.h"

namespace animate::batch {
namespace {

std::string text_of(const std::vector<catalog::OptionRow>& rows) {
  std::string text;
  for (const catalog::OptionRow& row : rows)
    text += row.name() + "=" +
            catalog::json_of(row).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + ";";
  return text;
}

}  // namespace

std::string loading_key(const AnimateOptions& options) {
  AnimateOptions mine = options;
  // LivePortrait's options belong to the job, not to the networks.
  return text_of(catalog::rows_of(mine.runtime)) + text_of(catalog::rows_of(mine.fomm));
}

std::string motion_key(const AnimateOptions& options) {
  AnimateOptions mine = options;
  return text_of(catalog::rows_of(mine.driving)) + text_of(catalog::family_rows_of(mine));
}

}  // namespace animate::batch
