#include <spdlog/fmt/fmt.h>

#include "checkpoint/checkpoint.h"
#include "checkpoint/file_builder.h"
#include "checkpoint/safetensors_writer.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::safetensors_file;

namespace {

std::string refusal(ErrorKind kind, const std::string& file) {
  return error_of(kind, [&] { Checkpoint::parse(bytes_of(file), "w"); });
}

std::string one(const std::string& row, size_t bytes = 8) {
  return safetensors_file("{\"a\":{" + row + "}}", std::string(bytes, 'x'));
}

}  // namespace

TEST_CASE("what is written is read back") {
  const test::TempDir dir;
  const std::vector<float> floats = {1.5F, -2.F, 3.F, 0.F, 7.F, 8.F};
  const std::vector<int64_t> integers = {INT64_MIN, 5};
  const std::string flags = test::raw("\x01\x00\x01");
  const std::vector<ArrayToWrite> arrays = {
      {"b.flags", {DType::Bool, {3}, {1}}, bytes_of(flags)},
      {"z.weight", {DType::F32, {2, 3}, {3, 1}}, std::as_bytes(std::span(floats))},
      {"a.empty", {DType::F16, {0, 4}, {4, 1}}, {}},
      {"steps", {DType::I64, {2}, {1}}, std::as_bytes(std::span(integers))},
      {"größe", {DType::F32, {}, {}}, std::as_bytes(std::span(floats).first(1))}};
  write_safetensors(dir / "out.safetensors", arrays, {{"family", "fomm"}, {"config", "a: 1\nb: \"2\"\n"}});
  CHECK(dir.entries() == 1);

  const Checkpoint checkpoint = Checkpoint::open(dir / "out.safetensors");
  CHECK(checkpoint.format() == Checkpoint::Format::Safetensors);
  CHECK(checkpoint.names() == std::vector<std::string>{"steps", "größe", "z.weight", "a.empty", "b.flags"});
  CHECK(checkpoint.metadata().at("config") == "a: 1\nb: \"2\"\n");
  CHECK(checkpoint.metadata().size() == 2);
  for (const ArrayToWrite& array : arrays) {
    INFO(array.name);
    CHECK(checkpoint.info(array.name).dtype == array.info.dtype);
    CHECK(checkpoint.info(array.name).shape == array.info.shape);
    const auto bytes = test::read_array(checkpoint, array.name);
    CHECK(std::equal(bytes.begin(), bytes.end(), array.bytes.begin(), array.bytes.end()));
  }
}

TEST_CASE("the written header is padded so that the data is aligned") {
  const test::TempDir dir;
  const float value = 1;
  for (const std::string name : {"a", "ab", "abc", "abcdefgh"}) {
    const std::vector<ArrayToWrite> arrays = {{name, {DType::F32, {1}, {1}}, std::as_bytes(std::span(&value, 1))}};
    write_safetensors(dir / "w", arrays, {});
    std::ifstream in(dir / "w", std::ios::binary);
    uint64_t header = 0;
    in.read(reinterpret_cast<char*>(&header), sizeof(header));
    CHECK(header % 8 == 0);
    CHECK(std::filesystem::file_size(dir / "w") == 8 + header + 4);
  }
}

TEST_CASE("a header length that looks like a pickle or like gzip is still safetensors") {
  for (const size_t length : {size_t{0x0480}, size_t{0x8b1f}}) {
    std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    header.resize(length, ' ');
    const std::string file = safetensors_file(header, std::string(8, 'x'));
    CHECK(Checkpoint::parse(bytes_of(file), "w").format() == Checkpoint::Format::Safetensors);
  }
}

TEST_CASE("a name that cannot be written is refused and leaves no file") {
  const test::TempDir dir;
  const std::vector<ArrayToWrite> arrays = {{"\xff", {DType::U8, {0}, {1}}, {}}};
  CHECK(error_of(ErrorKind::Model, [&] { write_safetensors(dir / "w", arrays, {}); }) ==
        (dir / "w").string() + ": a name or a metadata text is not UTF-8; rename it");
  CHECK(dir.entries() == 0);
}

TEST_CASE("every type is read") {
  for (const auto& [code, name, size] :
       {std::tuple("F64", "float64", 8), std::tuple("F32", "float32", 4), std::tuple("F16", "float16", 2),
        std::tuple("BF16", "bfloat16", 2), std::tuple("I64", "int64", 8), std::tuple("I32", "int32", 4),
        std::tuple("I16", "int16", 2), std::tuple("I8", "int8", 1), std::tuple("U8", "uint8", 1),
        std::tuple("BOOL", "bool", 1)}) {
    const std::string row = fmt::format(R"("dtype":"{}","shape":[1],"data_offsets":[0,{}])", code, size);
    const std::string file = one(row, static_cast<size_t>(size));
    CHECK(name_of(Checkpoint::parse(bytes_of(file), "w").info("a").dtype) == name);
  }
  CHECK(refusal(ErrorKind::Model, one(R"("dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8])")) ==
        "w: the tensor 'a' has the type 'F8_E4M3', which is not supported; convert it to F32, F16 or BF16");
}

TEST_CASE("offsets outside the file, overlaps and wrong sizes are refused") {
  CHECK(refusal(ErrorKind::Input, one(R"("dtype":"F32","shape":[3],"data_offsets":[0,12])")) ==
        "w: the file ends inside the tensor 'a': the download was cut; download it again");
  CHECK(refusal(ErrorKind::Model, one(R"("dtype":"F32","shape":[1],"data_offsets":[0,8])")) ==
        "w: the tensor 'a' does not have the bytes of its shape; download it again");
  CHECK(refusal(ErrorKind::Model, one(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])")) ==
        "w: the tensor 'a' has malformed offsets; download it again");
  const std::string huge = R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8])";
  CHECK(refusal(ErrorKind::Model, one(huge)) == "w: the tensor 'a' has an impossible size; download it again");
  const std::string beyond = R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8])";
  CHECK(refusal(ErrorKind::Model, one(beyond)) == "w: the tensor 'a' has an impossible size; download it again");
  CHECK(refusal(ErrorKind::Model, safetensors_file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                                   R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                                                   std::string(8, 'x'))) ==
        "w: the tensors 'a' and 'b' overlap; download it again");
}

TEST_CASE("a malformed header is refused") {
  const std::string malformed = "w: its safetensors header is malformed; download it again";
  for (const std::string header :
       {"{", "{}}", R"({"a":1})", R"({"a":[1]})", R"({"a":{"dtype":{}}})", R"({"a":{"shape":[[1]]}})",
        R"({"a":{"shape":[-1]}})", R"({"a":{"shape":[1.5]}})", R"({"a":{"other":"x"}})", R"({"__metadata__":{"a":1}})",
        R"({"a":null})", R"({"a":{"dtype":true}})", "{\"\xff\":{}}", R"({"a":"b"})"}) {
    INFO(header);
    CHECK(refusal(ErrorKind::Model, safetensors_file(header, "")) == malformed);
  }
  CHECK(refusal(ErrorKind::Model, safetensors_file("{" + std::string(1 << 20, '['), "")) == malformed);
  CHECK(refusal(ErrorKind::Model, safetensors_file(R"({"a":{},"a":{}})", "")) ==
        "w: its header holds 'a' twice; download it again");
  const std::string cut = test::little(uint64_t{1000}) + "{\"a\":";
  CHECK(refusal(ErrorKind::Input, cut) ==
        "w: the file ends inside its header: the download was cut; download it again");
  CHECK(refusal(ErrorKind::Model, test::little(uint64_t{1} << 60) + "{\"a\":") ==
        "w: its safetensors header is too large; download it again");
}
