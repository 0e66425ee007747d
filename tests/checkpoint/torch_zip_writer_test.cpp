#include "checkpoint/torch_zip_writer.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate;

namespace {

ArrayInfo info_of(DType dtype, std::vector<int64_t> shape) {
  auto strides = contiguous_strides(shape);
  return {dtype, std::move(shape), std::move(strides)};
}

}  // namespace

TEST_CASE("a written torch file is read back to the last bit, whatever its types and shapes") {
  const test::TempDir folder;
  const auto path = folder.path() / "w.pth.tar";
  const std::vector<float> matrix{1, 2, 3, 4, 5, 6};
  const std::vector<int64_t> counter{INT64_C(1) << 40};
  const std::vector<uint8_t> bytes{7, 8, 9};
  TorchZipWriter writer;
  writer.begin_dict();
  writer.text("generator");
  writer.begin_ordered_dict();
  writer.text("first.weight");
  writer.tensor(info_of(DType::F32, {2, 3}), std::as_bytes(std::span(matrix)));
  writer.text("first.count");
  writer.tensor(info_of(DType::I64, {}), std::as_bytes(std::span(counter)));
  writer.text("nothing");
  writer.tensor(info_of(DType::F32, {0}), {});
  writer.end_dict();
  writer.text("list");
  writer.begin_list();
  writer.tensor(info_of(DType::U8, {3}), std::as_bytes(std::span(bytes)));
  writer.end_list();
  writer.text("betas");
  writer.begin_tuple();
  writer.number(0.5);
  writer.number(0.999);
  writer.end_tuple();
  writer.text("epoch");
  writer.integer(99);
  writer.text("large");
  writer.integer(-(INT64_C(1) << 40));
  writer.text("amsgrad");
  writer.boolean(false);
  writer.end_dict();
  writer.write(path);

  const Checkpoint checkpoint = Checkpoint::open(path);
  CHECK(checkpoint.format() == Checkpoint::Format::TorchZip);
  CHECK(checkpoint.foreign().empty());
  CHECK(checkpoint.names() ==
        std::vector<std::string>{"generator.first.weight", "generator.first.count", "generator.nothing", "list.0"});
  CHECK(checkpoint.info("generator.first.weight").shape == std::vector<int64_t>{2, 3});
  CHECK(test::read_floats(checkpoint, "generator.first.weight") == matrix);
  int64_t count = 0;
  checkpoint.read("generator.first.count", std::as_writable_bytes(std::span(&count, 1)));
  CHECK(count == counter[0]);
  std::vector<uint8_t> read(3);
  checkpoint.read("list.0", std::as_writable_bytes(std::span(read)));
  CHECK(read == bytes);
  const std::map<std::string, std::string> scalars(checkpoint.scalars().begin(), checkpoint.scalars().end());
  CHECK(scalars.at("epoch") == "99");
  CHECK(scalars.at("large") == "-1099511627776");
  CHECK(scalars.at("betas.1") == "0.999");
  CHECK(scalars.at("amsgrad") == "False");

  // Readers that map the file rely on it.
  const std::string file = test::content_of(path);
  const auto numbers = test::bytes_of(file);
  const auto found = std::search(numbers.begin(), numbers.end(), reinterpret_cast<const std::byte*>(matrix.data()),
                                 reinterpret_cast<const std::byte*>(matrix.data() + matrix.size()));
  REQUIRE(found != numbers.end());
  CHECK((found - numbers.begin()) % 64 == 0);
}

TEST_CASE("a damaged byte of a written torch file is noticed") {
  const test::TempDir folder;
  const auto path = folder.path() / "w.pth";
  const std::vector<float> numbers{1, 2, 3, 4};
  TorchZipWriter writer;
  writer.tensor(info_of(DType::F32, {4}), std::as_bytes(std::span(numbers)));
  writer.write(path);
  std::string file = test::content_of(path);
  const size_t at = file.find(std::string(reinterpret_cast<const char*>(numbers.data()), 16));
  REQUIRE(at != std::string::npos);
  file[at + 2] = static_cast<char>(file[at + 2] ^ 1);
  const Checkpoint checkpoint = Checkpoint::parse(test::bytes_of(file), "w.pth");
  CHECK(test::error_of(ErrorKind::Input, [&] { test::read_floats(checkpoint, "tensor"); }) ==
        "w.pth: the checksum of a tensor is wrong: the file is damaged; download it again");
}

TEST_CASE("a folder that is not there and tensors of the wrong size are refused") {
  TorchZipWriter writer;
  const std::vector<float> numbers{1, 2};
  CHECK_THROWS_AS(writer.tensor(info_of(DType::F32, {3}), std::as_bytes(std::span(numbers))), Error);
  writer.tensor(info_of(DType::F32, {2}), std::as_bytes(std::span(numbers)));
  const test::TempDir folder;
  const auto message = test::error_of(ErrorKind::Input, [&] { writer.write(folder.path() / "no" / "w.pth"); });
  CHECK_THAT(message, ContainsSubstring("does not exist; create it or choose another output"));
}
