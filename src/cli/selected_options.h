#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "animate/options.h"

namespace animate::cli {

// Passes on only some rows of an option struct, for commands that use a part of it.
class SelectedOptions : public OptionVisitor {
 public:
  // `names`: the rows' first names.
  SelectedOptions(OptionVisitor& next, std::initializer_list<std::string_view> names) : next_(next), names_(names) {}

  void flag(std::string_view names, bool& value, std::string_view help) override {
    if (wants(names)) next_.flag(names, value, help);
  }
  void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) override {
    if (wants(names)) next_.integer(names, value, low, high, help);
  }
  void number(std::string_view names, double& value, double low, double high, std::string_view help) override {
    if (wants(names)) next_.number(names, value, low, high, help);
  }
  void text(std::string_view names, std::string& value, std::string_view kind, std::string_view help) override {
    if (wants(names)) next_.text(names, value, kind, help);
  }
  void choice(std::string_view names, std::string& value, std::span<const std::string_view> choices,
              std::string_view help) override {
    if (wants(names)) next_.choice(names, value, choices, help);
  }

 private:
  bool wants(std::string_view names) const {
    return std::find(names_.begin(), names_.end(), names.substr(0, names.find(','))) != names_.end();
  }

  OptionVisitor& next_;
  std::vector<std::string_view> names_;
};

}  // namespace animate::cli
