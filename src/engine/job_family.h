#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/option_rows.h"
#include "engine/driven_jobs.h"
#include "models/registry.h"

namespace animate::engine {

// What a family promises, and so what the contract test of all families asks of it.
enum class FamilyKind {
  Driven,  // jobs, templates and sessions: a source moves like a driver
  Codec,   // codes of faces: faces of nobody, morphs through codes (engine/codec)
  Clips,   // clips without a driver (engine/dream)
};

// A model family as jobs see it. The list in job_family.cpp is the table of contents: a new family is one folder here,
// one below models/, and a line in each list.
struct JobFamily {
  std::string_view name;  // as ModelFamily::name
  FamilyKind kind = FamilyKind::Driven;
  // The rows of the family's own options; null for a family without any.
  std::vector<catalog::OptionRow> (*options)(AnimateOptions& options) = nullptr;
  // Loads the model. Throws as ModelFamily::load does. Null for the
  // other kinds: models::load_codec() loads a codec, a dream its networks one by one.
  std::unique_ptr<const DrivenJobs> (*open)(const models::ModelFiles& files, const AnimateOptions& options) = nullptr;
};

std::vector<JobFamily> job_families();

// The family of that name. Throws Error(Internal) when the list lacks it.
JobFamily job_family(std::string_view name);

// Adds a family for as long as the object lives: for tests, and for programs with families of their own. Not while
// models are opened or found.
class AddedFamily {
 public:
  AddedFamily(const models::ModelFamily& models, const JobFamily& jobs);
  ~AddedFamily();
  AddedFamily(const AddedFamily&) = delete;
  AddedFamily& operator=(const AddedFamily&) = delete;
};

}  // namespace animate::engine
