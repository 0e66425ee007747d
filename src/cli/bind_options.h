#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "animate/options.h"

namespace animate::cli {

// Turns the rows of an option struct into flags of `app`, all in one group of --help. Flags of type bool also get a
// --no- form; flags of type text whose kind ends in "…" are lists, which may be given several times and are joined by
// ";". The struct must outlive the parse.
class CliBinder : public OptionVisitor {
 public:
  CliBinder(CLI::App& app, std::string group) : app_(app), group_(std::move(group)) {}

  void flag(std::string_view names, bool& value, std::string_view help) override;
  void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) override;
  void number(std::string_view names, double& value, double low, double high, std::string_view help) override;
  void text(std::string_view names, std::string& value, std::string_view kind, std::string_view help) override;
  void choice(std::string_view names, std::string& value, std::span<const std::string_view> choices,
              std::string_view help) override;

 private:
  CLI::App& app_;
  std::string group_;
};

// The rows as TOML, with their values: what --print-config shows and --preset FILE reads.
std::string to_toml(AnimateOptions& options);

}  // namespace animate::cli
