#include <zlib.h>

#include <algorithm>
#include <iostream>
#include <map>

#include <spdlog/fmt/fmt.h>

#include "checkpoint/checkpoint.h"
#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"

using namespace animate::checkpoint;
using namespace animate;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string dotted(std::string name) {
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

std::string crc_of(const std::vector<std::byte>& bytes) {
  return fmt::format("{:08x}", ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// The fixture keeps integers beyond 53 bits as text.
std::string scalar_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_null()) return "None";
  if (value.is_number_integer()) return std::to_string(value.get<int64_t>());
  return fmt::format("{}", value.get<double>());
}

void check_scalar(const std::map<std::string, std::string>& scalars, const std::string& name, const json& value) {
  if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) check_scalar(scalars, name + "." + std::to_string(i), value[i]);
  } else if (!value.is_object()) {
    INFO(name);
    REQUIRE(scalars.contains(name));
    CHECK(scalars.at(name) == scalar_text(value));
  }
}

void check_file(const fs::path& path, const json& expected) {
  INFO(path.string());
  const Checkpoint checkpoint = Checkpoint::open(path);
  const bool zip = path.string().find(".zip.") != std::string::npos;
  CHECK(checkpoint.format() == (zip ? Checkpoint::Format::TorchZip : Checkpoint::Format::TorchLegacy));
  CHECK(checkpoint.foreign().empty());
  CHECK(checkpoint.names().size() == expected["tensors"].size());
  for (const auto& [slashed, row] : expected["tensors"].items()) {
    const std::string name = dotted(slashed);
    INFO(name);
    REQUIRE(checkpoint.contains(name));
    CHECK(name_of(checkpoint.info(name).dtype) == row[0].get<std::string>());
    CHECK(checkpoint.info(name).shape == row[1].get<std::vector<int64_t>>());
    CHECK(crc_of(test::read_array(checkpoint, name)) == row[2].get<std::string>());
  }
  const std::map<std::string, std::string> scalars(checkpoint.scalars().begin(), checkpoint.scalars().end());
  if (expected.contains("epoch")) check_scalar(scalars, "epoch", expected["epoch"]);
  if (!expected.contains("scalars")) return;
  for (const auto& [slashed, value] : expected["scalars"].items()) check_scalar(scalars, dotted(slashed), value);
}

}  // namespace

TEST_CASE("every fixture checkpoint is read to the last bit") {
  const fs::path folder = test::fixtures_root() / "fomm/checkpoints";
  size_t files = 0;
  const json expected = test::read_json(folder / "checkpoints.json");
  for (const auto& [variant, entry] : expected.items()) {
    for (const json& file : entry["files"]) {
      check_file(folder / file.get<std::string>(), entry);
      ++files;
    }
  }
  CHECK(files >= 5);
}

TEST_CASE("the keys of both containers come in the same order") {
  const fs::path folder = test::fixtures_root() / "fomm/checkpoints";
  const Checkpoint legacy = Checkpoint::open(folder / "nomotion.legacy.pth.tar");
  const Checkpoint zip = Checkpoint::open(folder / "nomotion.zip.pth.tar");
  CHECK(legacy.names() == zip.names());
  CHECK(legacy.scalars() == zip.scalars());
}

TEST_CASE("every bad checkpoint is refused in a sentence, and the well-formed ones open") {
  const fs::path folder = test::fixtures_root() / "fomm/bad_checkpoints";
  const json manifest = test::read_json(folder / "manifest.json");
  for (const auto& [file, why] : manifest.items()) {
    INFO(file << ": " << why);
    const fs::path path = folder / file;
    if (why.get<std::string>().starts_with("well formed")) {
      CHECK_FALSE(Checkpoint::open(path).names().empty());
      continue;
    }
    try {
      Checkpoint::open(path);
      FAIL("was accepted");
    } catch (const Error& error) {
      const std::string message = error.what();
      CHECK((error.kind() == ErrorKind::Input || error.kind() == ErrorKind::Model));
      CHECK(message.starts_with(path.string() + ": "));
      CHECK(message.find("; ") != std::string::npos);
      CHECK(message.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("the calls in bad checkpoints are named and not made") {
  const fs::path folder = test::fixtures_root() / "fomm/bad_checkpoints";
  const auto refusal = [&](const std::string& file) {
    return test::error_of(ErrorKind::Model, [&] { Checkpoint::open(folder / file); });
  };
  const std::string rest = ", which is not data; nothing was executed; get the file from a source you trust";
  CHECK(refusal("call_getcwd_legacy.pth.tar") ==
        (folder / "call_getcwd_legacy.pth.tar").string() + ": the pickle in it calls posix.getcwd" + rest);
  CHECK_THAT(refusal("call_getcwd_zip.pth.tar"), ContainsSubstring("calls posix.getcwd" + rest));
  CHECK_THAT(refusal("call_eval_legacy.pth.tar"), ContainsSubstring("calls __builtin__.eval" + rest));
}

TEST_CASE("every encoding of one state dict gives the same values") {
  const fs::path folder = test::fixtures_root() / "liveportrait/checkpoint_variants";
  const Checkpoint expected = Checkpoint::open(folder / "expected.safetensors");
  CHECK(expected.format() == Checkpoint::Format::Safetensors);
  for (const auto& entry : fs::directory_iterator(folder)) {
    INFO(entry.path().string());
    const Checkpoint variant = Checkpoint::open(entry.path());
    const CheckpointScope scope = variant.scope("");
    REQUIRE(scope.names().size() == expected.names().size());
    for (const std::string& name : expected.names()) {
      INFO(name);
      REQUIRE(scope.contains(name));
      CHECK(scope.info(name).dtype == expected.info(name).dtype);
      REQUIRE(scope.info(name).shape == expected.info(name).shape);
      CHECK(test::read_array(variant, name) == test::read_array(expected, name));
    }
  }
}
