#include <spdlog/fmt/fmt.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_kind.h"
#include "catalog/folder_layouts.h"
#include "checkpoint/checkpoint.h"
#include "cli/command.h"
#include "cli/commands/template_commands.h"
#include "cli/engine_loader.h"
#include "motion/template_pickle.h"

namespace animate::cli {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

bool holds_weights(const fs::path& path) {
  std::error_code ec;
  if (!fs::is_regular_file(path, ec)) return false;
  std::array<std::byte, 512> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  const FileKind kind = sniff({head.data(), static_cast<size_t>(file.gcount())});
  return kind == FileKind::Zip || kind == FileKind::Pickle || kind == FileKind::Safetensors || kind == FileKind::Tar ||
         kind == FileKind::LfsPointer || kind == FileKind::Html;
}

const char* format_name(checkpoint::Checkpoint::Format format) {
  switch (format) {
    case checkpoint::Checkpoint::Format::Safetensors: return "safetensors";
    case checkpoint::Checkpoint::Format::TorchZip: return "PyTorch zip";
    case checkpoint::Checkpoint::Format::TorchLegacy: return "PyTorch legacy";
    case checkpoint::Checkpoint::Format::Npz: return "NumPy npz";
  }
  return "";
}

OrderedJson describe(const fs::path& path) {
  const checkpoint::Checkpoint checkpoint = checkpoint::Checkpoint::open(path);
  OrderedJson document{{"file", show(path)}, {"kind", "checkpoint"}, {"format", format_name(checkpoint.format())}};
  const auto& metadata = checkpoint.metadata();
  if (const auto format = metadata.find("format"); format != metadata.end() && format->second == "animate-motion") {
    document["kind"] = "motion template";
  }
  int64_t numbers = 0;
  for (const std::string& name : checkpoint.names()) numbers += checkpoint.info(name).numel();
  document["tensors"] = checkpoint.names().size();
  document["numbers"] = numbers;
  for (const auto& [key, value] : metadata) document["metadata"][key] = value;
  for (const auto& [key, value] : checkpoint.scalars()) document["values"][key] = value;
  for (const std::string& name : checkpoint.foreign()) document["not_read"].push_back(name);
  for (const std::string& name : checkpoint.names()) {
    const checkpoint::ArrayInfo& info = checkpoint.info(name);
    document["arrays"].push_back({{"name", name}, {"type", checkpoint::name_of(info.dtype)}, {"shape", info.shape}});
  }
  return document;
}

// A pickle may be LivePortrait's motion or an old PyTorch file; what is neither is told as the latter.
bool is_stored_motion(const fs::path& path) {
  if (!motion::is_pickle(path)) return false;
  try {
    motion::read_template_pickle(path);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string_view shown_family(const catalog::FoundModel& model) {
  for (const catalog::FolderLayout& layout : catalog::folder_layouts()) {
    if (layout.family == model.family) return layout.shown;
  }
  return model.family;
}

// Weights in their published folders.
OrderedJson describe(const catalog::FoundModel& model) {
  OrderedJson document{{"folder", show(model.location())}, {"kind", fmt::format("{} weights", shown_family(model))}};
  const auto add = [&document](const std::string& key, const fs::path& file) {
    document[key] = file.empty() ? "not there" : show(file);
  };
  for (const auto& [network, file] : model.parts) add(network, file);
  if (model.family != "liveportrait") return document;
  add("face detector", model.faces.detector);
  add("106 landmarks", model.faces.landmarks106);
  add("203 landmarks", model.faces.landmarks203);
  add("config", model.config);
  return document;
}

std::string text_of(const OrderedJson& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print_text(const OrderedJson& document) {
  for (const auto& [key, value] : document.items()) {
    if (key == "arrays") {
      for (const OrderedJson& array : value) {
        fmt::print("  {:<9}{:<20}{}\n", text_of(array["type"]), text_of(array["shape"]), text_of(array["name"]));
      }
    } else if (value.is_object()) {
      for (const auto& [name, item] : value.items()) {
        const std::string text = text_of(item);
        // A config in the metadata spans lines: its first is enough here, --json shows all.
        const size_t line_end = text.find('\n');
        fmt::print("{}: {}{}\n", name, text.substr(0, line_end), line_end == std::string::npos ? "" : " …");
      }
    } else {
      fmt::print("{}: {}\n", key, text_of(value));
    }
  }
}

// animate inspect FILE: what a checkpoint, motion template, picture or video holds.
class InspectCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option(
           "file", file_,
           "checkpoint, folder of published weights, motion template, picture, video, folder of pictures or pattern")
        ->required();
    app.add_flag("--json", json_, "one JSON document instead of lines");
  }

  void run(std::stop_token) override {
    if (is_stored_motion(file_)) {
      print_template_info(file_, json_);
      return;
    }
    const auto published = fs::is_directory(file_) ? catalog::find_in_layouts(file_) : std::nullopt;
    if (published) {
      print(describe(*published));
      return;
    }
    print(holds_weights(file_) ? describe(file_) : OrderedJson::parse(engine().make_toolbox()->inspect(file_)));
  }

 private:
  void print(const OrderedJson& document) const {
    if (json_) {
      fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    } else {
      print_text(document);
    }
  }

  std::string file_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_inspect_command() { return std::make_unique<InspectCommand>(); }

}  // namespace animate::cli
