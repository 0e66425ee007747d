#include "batch/dream_line.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "base/nearest.h"
#include "catalog/option_json.h"

namespace animate::batch {

void set_dream_option(BatchJob& job, const std::string& name, const nlohmann::json& value) {
  std::string flag = name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  // The dream's own first: its fps is also what the model is told.
  std::vector<catalog::OptionRow> rows = catalog::rows_of(*job.dream);
  for (catalog::OptionRow& row : catalog::rows_of(job.options.output)) rows.push_back(std::move(row));
  for (catalog::OptionRow& row : catalog::rows_of(job.options.runtime)) rows.push_back(std::move(row));
  std::vector<std::string> known = {"kind", "source", "output", "model"};
  for (const catalog::OptionRow& row : rows) {
    if (std::find(row.names.begin(), row.names.end(), flag) != row.names.end()) {
      catalog::set_row(row, name, value);
      return;
    }
    known.insert(known.end(), row.names.begin(), row.names.end());
  }
  const std::string hint = nearest(flag, known);
  fail(ErrorKind::Usage, "{}: is no option of a dream; {}", name,
       hint.empty() ? "`animate dream --help` lists them" : fmt::format("did you mean {}?", hint));
}

}  // namespace animate::batch
