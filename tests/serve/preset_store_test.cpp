#include "serve/preset_store.h"

#include <nlohmann/json.hpp>

#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using nlohmann::json;
using test::TempDir;

template <typename Action>
std::string sentence_of(int status, Action&& action) {
  try {
    action();
  } catch (const Refusal& refusal) {
    CHECK(refusal.status() == status);
    return refusal.what();
  }
  FAIL("nothing was refused");
  return {};
}

Preset smile(const std::string& owner, const std::string& name = "smile", double value = 0.6) {
  return PresetStore::parse({{"name", name}, {"sliders", {{"smile", value}, {"yaw", -8}}}}, owner);
}

TEST_CASE("presets are kept from start to start, each for its owner, and a name is there once") {
  const TempDir dir;
  DiskSpace space(dir.path(), 0);
  std::string id;
  {
    PresetStore store(dir.path(), space, 10);
    store.add(smile("anna"));
    store.add(smile("ben"));
    id = store.add(smile("anna", "smile", 0.9)).id;
    store.add(smile("anna", "a wink"));
  }
  // What a kill leaves of one that was being written.
  write_bytes(dir / "presets" / (new_id() + ".json"), "{\"id\": \"");
  PresetStore store(dir.path(), space, 10);
  const auto list = store.list("anna");
  REQUIRE(list.size() == 2);
  CHECK(list[0].name == "a wink");
  CHECK(list[1].id == id);
  CHECK(list[1].sliders.at("smile") == 0.9);
  CHECK(shown_json(list[1]).contains("owner") == false);
  CHECK(sentence_of(404, [&] { store.remove(id, "ben"); }) == "no such preset is here; GET /api/v1/presets lists them");
  store.remove(id, "anna");
  CHECK(store.list("anna").size() == 1);
  CHECK(store.list("ben").size() == 1);
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir / "presets")) ++files;
  CHECK(files == 2);
}

TEST_CASE("presets that are none, or one too many, are refused") {
  const auto refused = [](int status, const json& request) {
    return sentence_of(status, [&] { PresetStore::parse(request, ""); });
  };
  refused(400, json::array());
  CHECK(refused(422, {{"sliders", {{"smile", 1}}}}) == "name is missing; give the preset one");
  CHECK(refused(422, {{"name", "a"}}) == "sliders: nothing is set; write {\"smile\": 0.6, …}");
  CHECK(refused(422, {{"name", "a"}, {"sliders", {{"smiel", 1}}}}) ==
        "sliders: there is no slider smiel; did you mean smile?");
  CHECK(refused(422, {{"name", "a"}, {"sliders", {{"smile", "much"}}}}) == "sliders: smile has no number");
  CHECK(refused(422, {{"name", "a"}, {"sliders", {{"smile", 100}}}}) ==
        "sliders: smile 100 does not lie from -0.3 to 1.3");
  const TempDir dir;
  DiskSpace space(dir.path(), 0);
  PresetStore store(dir.path(), space, 1);
  store.add(smile("anna"));
  store.add(smile("anna"));  // in place of the first
  CHECK(sentence_of(429, [&] { store.add(smile("anna", "other")); }) ==
        "as many presets as may be are stored already; delete some first");
}

}  // namespace
}  // namespace animate::serve
