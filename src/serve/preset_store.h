#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "serve/disk_space.h"

namespace animate::serve {

// Sliders of an edit under a name.
struct Preset {
  std::string id;
  std::string owner;
  std::string name;
  int64_t created = 0;                    // seconds since 1970
  std::map<std::string, double> sliders;  // only those that are not where they begin
  std::string source;                     // the picture it was made with, for a look at it; empty: none
};

// What a client sees: no owner.
nlohmann::ordered_json shown_json(const Preset& preset);

// The presets: data/presets/ID.json. Those of one owner are not there for another. Thread-safe.
class PresetStore {
 public:
  // Makes the folder; reads what is there. `most`: presets an owner may have.
  PresetStore(const std::filesystem::path& data, DiskSpace& space, size_t most);

  // {"name": TEXT, "sliders": {NAME: NUMBER, …}, "source": ID}: what is asked for, not kept yet. Throws Refusal(422)
  // for sliders that are not there, values out of their range, and where nothing is set.
  static Preset parse(const nlohmann::json& request, const std::string& owner);
  // Keeps it, in place of one of the same name. Throws Refusal(429), Refusal(507).
  Preset add(Preset preset);
  std::vector<Preset> list(const std::string& owner) const;  // by name
  // Throws Refusal(404).
  void remove(const std::string& id, const std::string& owner);

 private:
  void forget(const std::string& id);
  std::filesystem::path file_of(const std::string& id) const { return folder_ / (id + ".json"); }

  std::filesystem::path folder_;
  DiskSpace& space_;
  size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, Preset> presets_;
};

}  // namespace animate::serve
