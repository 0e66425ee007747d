#include "catalog/default_model.h"

#include <stdlib.h>

#include "catalog/model_survey.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::catalog;
using namespace animate;
using animate::test::TempDir;
namespace fs = std::filesystem;

namespace {

// A search path of our own: nothing of the user's is looked at.
struct Search {
  explicit Search(const TempDir& dir) {
    ::setenv("ANIMATE_MODELS", dir.path().c_str(), 1);
    ::setenv("XDG_DATA_HOME", (dir / "data").c_str(), 1);
    ::unsetenv("ANIMATE_WEIGHTS_LIST");
  }
  ~Search() { ::unsetenv("ANIMATE_MODELS"); }
};

constexpr const char* kBase = "lp/liveportrait/base_models/";
constexpr const char* kNetworks[] = {"appearance_feature_extractor", "motion_extractor", "spade_generator",
                                     "warping_module"};

void write_networks(const TempDir& dir) {
  fs::create_directories(dir / kBase);
  for (const char* name : kNetworks) dir.write(std::string(kBase) + name + ".pth", "not really weights");
}

const SurveyedModel& row(const std::vector<SurveyedModel>& rows, std::string_view name) {
  for (const SurveyedModel& candidate : rows) {
    if (candidate.name == name) return candidate;
  }
  FAIL("no model of this name");
  throw 0;
}

}  // namespace

TEST_CASE("drawn heads are the default until LivePortrait is whole") {
  const TempDir dir;
  const Search search(dir);
  CHECK(default_model().model.name == "default");
  CHECK_THAT(default_model().hint, ContainsSubstring("animate models fetch liveportrait"));

  write_networks(dir);
  CHECK(default_model().model.name == "lp");
  CHECK(default_model().hint.empty());
  CHECK(find_model({}).name == "lp");
  CHECK(find_model({"heads", {}}).name == "default");

  SECTION("a network is missing") { fs::remove(dir / (std::string(kBase) + "warping_module.pth")); }
  SECTION("a network is an LFS pointer") {
    dir.write(std::string(kBase) + "motion_extractor.pth", "version https://git-lfs.github.com/spec/v1\n");
  }
  SECTION("a network is empty") { dir.write(std::string(kBase) + "motion_extractor.pth", ""); }
  CHECK(default_model().model.name == "default");
}

TEST_CASE("the survey tells what is here, what is not whole, and what could be fetched") {
  const TempDir dir;
  const Search search(dir);
  const WeightsList list = published_weights();
  CHECK(row(survey_models(list), "liveportrait").state == "not here");
  CHECK_FALSE(row(survey_models(list), "liveportrait").present);
  CHECK(row(survey_models(list), "default").is_default);
  CHECK(fetch_folder(*list.of("liveportrait"), survey_models(list)) == dir / "liveportrait");

  write_networks(dir);
  auto rows = survey_models(list);
  CHECK(row(rows, "lp").state == "missing 3 of 7 files, damaged or not the published: 4 files of other sizes");
  CHECK(row(rows, "lp").is_default);
  CHECK(row(rows, "lp").usable);
  CHECK(row(rows, "lp").published == "liveportrait");
  CHECK_FALSE(row(rows, "default").is_default);
  // What is missing goes beside what is there.
  CHECK(fetch_folder(*list.of("liveportrait"), rows) == dir / "lp");

  fs::remove(dir / (std::string(kBase) + "warping_module.pth"));
  rows = survey_models(list);
  CHECK(row(rows, "lp").present);
  CHECK_FALSE(row(rows, "lp").usable);
  CHECK(row(rows, "default").is_default);
}

TEST_CASE("a checkpoint under its published name is known, and one of another size") {
  const TempDir dir;
  const Search search(dir);
  dir.write("vox-cpk.pth.tar", "cut");
  const auto rows = survey_models(published_weights());
  const SurveyedModel& vox = row(rows, "vox-cpk");
  CHECK(vox.published == "vox");
  CHECK_FALSE(vox.usable);
  CHECK(vox.state == "damaged or not the published: 1 file of another size");
}
