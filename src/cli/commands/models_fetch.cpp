#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/nearest.h"
#include "catalog/model_survey.h"
#include "cli/byte_text.h"
#include "cli/commands/models_commands.h"
#include "cli/common_flags.h"
#include "cli/number_range.h"
#include "cli/progress_display.h"
#include "fetch/fetch_model.h"

namespace animate::cli {
namespace {

constexpr const char* kInsightFace = "https://github.com/deepinsight/insightface#license";

const catalog::PublishedModel& find_published(const catalog::WeightsList& list, const std::string& name) {
  if (const catalog::PublishedModel* model = list.of(name); model != nullptr) return *model;
  std::vector<std::string> names;
  for (const catalog::PublishedModel& model : list.models) names.push_back(model.name);
  const std::string hint = nearest(name, names);
  fail(ErrorKind::Usage, "{}: no published model has this name{}; `animate models fetch` lists them", show(name),
       hint.empty() ? "" : fmt::format(" (is {} meant?)", hint));
}

// How people get at what has no address.
std::string how_else(const catalog::PublishedModel& model) {
  if (model.fetchable()) return {};
  return (model.gated ? "; by hand after a login, see " : "; by hand, see ") + model.page;
}

// What can be fetched, with size and licence.
void print_published(const catalog::WeightsList& list) {
  size_t name = 0, licence = 0;
  for (const catalog::PublishedModel& all : list.models) {
    const catalog::PublishedModel model = all.without_extras();
    name = std::max(name, model.name.size());
    licence = std::max(licence, model.licences().size());
  }
  for (const bool fetchable : {true, false}) {
    for (const catalog::PublishedModel& all : list.models) {
      if (all.fetchable() != fetchable) continue;
      const catalog::PublishedModel model = all.without_extras();
      fmt::print("{:<{}}  {:>9}  {:<{}}  {}{}\n", model.name, name, byte_text(model.bytes()), model.licences(), licence,
                 model.about, how_else(model));
    }
  }
}

// animate models fetch NAME: published weights into the model search path.
class ModelsFetch : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("name", name_, "published model, as in liveportrait; without a name what there is is listed")
        ->option_text("NAME");
    app.add_option("--to", to_, "folder for the files; default: a folder of the model's name in the model search path")
        ->option_text("FOLDER");
    app.add_option("--from", options_.from, "address to fetch from in place of the published one: URL/path-of-file")
        ->option_text("URL");
    app.add_flag("--replace", options_.replace, "overwrite files that are there but are not the published ones");
    app.add_option("--retries", options_.download.retries,
                   "how often a transfer that brings nothing new is tried again")
        ->check(number_range(0, 100))
        ->option_text("N [3]");
    app.add_option("--stall", options_.download.stall_seconds, "seconds after which a silent server is given up")
        ->check(number_range(1, 3600))
        ->option_text("SECONDS [30]");
    app.add_flag("--insightface", insightface_,
                 "also InsightFace's detector and landmarks, which are not for commercial use");
    app.add_flag("--accept-licence", accept_, "say yes to the licence that is shown, for scripts");
    add_progress_flag(app, progress_);
  }

  void run(std::stop_token stop) override {
    const catalog::WeightsList list = catalog::published_weights();
    if (name_.empty()) {
      check(to_.empty() && options_.from.empty(), ErrorKind::Usage,
            "models fetch: the model's name is missing; `animate models fetch` lists them");
      print_published(list);
      return;
    }
    const catalog::PublishedModel& all = find_published(list, name_);
    const catalog::PublishedModel model = insightface_ ? all.with_extras("insightface") : all.without_extras();
    if (insightface_) ask_for_insightface(all, model);
    if (!model.licence_page.empty()) {
      log::warn("{}: licence: {}; read it at {}", model.name, model.licences(), model.licence_page);
      ask_for_licence(model.name, fmt::format("its licence is {}, see {}", model.licences(), model.licence_page));
    }
    const std::filesystem::path folder =
        to_.empty() ? catalog::fetch_folder(model, catalog::survey_models(list)) : std::filesystem::path(to_);
    const auto progress = make_progress(progress_, ProgressUnit::Bytes);
    if (model.fetchable()) log::info("{} into {}; licence: {}", model.name, show(folder), model.licences());
    const fetch::FetchReport report = fetch::fetch_model(model, folder, options_, *progress, stop);
    log::info("{} files fetched ({}), {} were there and right", report.fetched, byte_text(report.bytes),
              report.present);
    std::puts(folder.c_str());
  }

 private:
  // What has to be asked for comes only after its licence was shown and taken.
  void ask_for_insightface(const catalog::PublishedModel& all, const catalog::PublishedModel& asked) const {
    check(asked.files.size() > all.without_extras().files.size(), ErrorKind::Usage,
          "--insightface: {} has no networks of InsightFace; leave it out", asked.name);
    for (const catalog::PublishedFile& file : asked.files) {
      if (!file.only_with.empty()) log::warn("{}: licence: {}; see {}", file.path, file.licence, kInsightFace);
    }
    ask_for_licence("--insightface", "its networks are not for commercial use");
  }

  // `what` is asked for, and `terms` are what has to be taken with it.
  void ask_for_licence(const std::string& what, const std::string& terms) const {
    if (accept_) return;
    check(::isatty(STDIN_FILENO) == 1, ErrorKind::Usage, "{}: {}; add --accept-licence to say that you take that", what,
          terms);
    std::fputs("animate: type yes to take that licence: ", stderr);
    std::string answer;
    std::getline(std::cin, answer);
    check(answer == "yes", ErrorKind::Cancelled, "the licence was not taken; nothing was fetched");
  }

  std::string name_;
  std::string to_;
  fetch::FetchOptions options_;
  std::string progress_ = "auto";
  bool insightface_ = false;
  bool accept_ = false;
};

}  // namespace

std::unique_ptr<Command> make_models_fetch() { return std::make_unique<ModelsFetch>(); }

}  // namespace animate::cli
