#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "animate/dream_options.h"
#include "animate/faces.h"
#include "animate/options.h"
#include "catalog/option_rows.h"

namespace animate::serve {

// Every option of every family as JSON, in the order of --help: name, other names, group, type, range, default, words,
// help, and whether a client may set it. A page that is built from this shows a new option by itself.
nlohmann::ordered_json list_options(const AnimateOptions& defaults);

// Options that kinds of jobs have beside those of every animation.
struct KindOptions {
  FacesOptions faces;
  DreamOptions dream;
};
// Those of one kind (JobKind), but for what names files; none for most. They point into `options`.
std::vector<catalog::OptionRow> rows_of_kind(std::string_view kind, KindOptions& options);

// As list_options() has them.
nlohmann::ordered_json list_own_options(std::string_view kind);

// The sliders of an edit: name, range, neutral value, help.
nlohmann::ordered_json list_sliders();

// The file that an id stands for; nullopt: no file of this client's.
using FileLookup = std::function<std::optional<std::filesystem::path>(const std::string& id)>;

// Sets what a client asked for, {"crf": 20, "face": "left"}. Where an option takes a file the client names one of its
// uploads; no path is ever taken. Throws Error(Usage) as the command line would, Refusal(422) for what only the
// server's own command line settles.
void set_options(AnimateOptions& options, const nlohmann::json& wanted, const FileLookup& lookup);

// Sets what is a kind's own, and returns the rest, which is for set_options().
nlohmann::json set_own_options(const std::vector<catalog::OptionRow>& own, const nlohmann::json& wanted);

}  // namespace animate::serve
