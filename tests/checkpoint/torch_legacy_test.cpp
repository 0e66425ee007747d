#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::raw;
using test::TensorOps;
using test::text_op;

namespace {

std::string file_of(const TensorOps& ops) {
  return test::legacy_file(test::dict_of("w", ops.text()), test::key_list_0(), test::four_floats());
}

std::string legacy_refusal(ErrorKind kind, const std::string& file) {
  return error_of(kind, [&] { Checkpoint::parse(bytes_of(file), "w.pth"); });
}

std::vector<float> values_of(const std::string& file) {
  return test::read_floats(Checkpoint::parse(bytes_of(file), "w.pth"), "w");
}

constexpr const char* kTail = "; download it again from a source you trust";

}  // namespace

TEST_CASE("offset, strides and the old view are honoured") {
  CHECK(values_of(file_of({})) == std::vector<float>{1, 2, 3, 4});
  TensorOps ops;
  ops.offset = "K\x01";
  ops.shape = "K\x02\x85";
  ops.strides = "K\x02\x85";
  CHECK(values_of(file_of(ops)) == std::vector<float>{2, 4});
  ops.offset = raw("K\x00");
  ops.strides = "K\x01\x85";
  ops.view = text_op("17") + "K\x01K\x03\x87";
  CHECK(values_of(file_of(ops)) == std::vector<float>{2, 3});
  ops.offset = "K\x02";
  CHECK(legacy_refusal(ErrorKind::Model, file_of(ops)) ==
        std::string("w.pth: the tensor 'w' reaches beyond its storage") + kTail);
  ops.view = text_op("17") + "K\x02K\x03\x87";
  CHECK(legacy_refusal(ErrorKind::Model, file_of(ops)) ==
        std::string("w.pth: a view in it reaches beyond its storage") + kTail);
}

TEST_CASE("a single tensor and a parameter round it are read") {
  const std::string bare = test::legacy_file(TensorOps{}.text(), test::key_list_0(), test::four_floats());
  CHECK(Checkpoint::parse(bytes_of(bare), "w").names() == std::vector<std::string>{"tensor"});
  const std::string parameter = "ctorch._utils\n_rebuild_parameter\n" + TensorOps{}.text() + "\x88}\x87R";
  CHECK(values_of(test::legacy_file(test::dict_of("w", parameter), test::key_list_0(), test::four_floats())).size() ==
        4);
}

TEST_CASE("a layout that does not fit its storage is refused") {
  const auto refused = [](const auto& change) {
    TensorOps ops;
    change(ops);
    const std::string message = legacy_refusal(ErrorKind::Model, file_of(ops));
    const std::string start = "w.pth: the tensor 'w' ";
    REQUIRE(message.starts_with(start));
    REQUIRE(message.ends_with(kTail));
    return message.substr(start.size(), message.size() - start.size() - std::string_view(kTail).size());
  };
  const std::string minus = "J\xff\xff\xff\xff";
  const std::string huge = raw("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40");
  CHECK(refused([&](TensorOps& ops) { ops.shape = "K\x05\x85"; }) == "reaches beyond its storage");
  CHECK(refused([&](TensorOps& ops) { ops.offset = "K\x01"; }) == "reaches beyond its storage");
  CHECK(refused([&](TensorOps& ops) { ops.offset = minus; }) == "has a negative or malformed offset");
  CHECK(refused([&](TensorOps& ops) { ops.shape = minus + "\x85"; }) == "has a negative size");
  CHECK(refused([&](TensorOps& ops) { ops.strides = minus + "\x85"; }) == "has a negative stride");
  CHECK(refused([&](TensorOps& ops) { ops.strides = ")"; }) == "has sizes and strides that differ in number");
  CHECK(refused([&](TensorOps& ops) { ops.strides = huge + "\x85"; }) == "reaches beyond its storage");
  CHECK(refused([&](TensorOps& ops) { ops.shape = huge + "\x85"; }) == "has more elements than there are numbers");
  CHECK(refused([&](TensorOps& ops) {
          ops.shape = "J" + test::little(int32_t{1} << 30) + "\x85";
          ops.strides = raw("K\x00\x85");
        }) == "is expanded beyond reason");
  CHECK(refused([&](TensorOps& ops) {
          ops.shape = "(" + std::string(65 * 2, 'K') + "t";
          for (size_t i = 0; i < 65; ++i) ops.shape[2 + 2 * i] = 1;
        }) == "has too many dimensions");
}

TEST_CASE("storages must agree with what the file says of them") {
  TensorOps ops;
  ops.numel = "K\x03";
  ops.shape = "K\x03\x85";
  CHECK(legacy_refusal(ErrorKind::Model, file_of(ops)) ==
        "w.pth: the storage '0' has 4 elements where 3 are announced; download it again");
  ops = {};
  ops.storage = "ComplexFloatStorage";
  CHECK(legacy_refusal(ErrorKind::Model, file_of(ops)) ==
        "w.pth: holds numbers of the type 'ComplexFloatStorage', which is not supported; save it with ordinary types");
  const std::string object = test::dict_of("w", TensorOps{}.text());
  CHECK(legacy_refusal(ErrorKind::Model, test::legacy_file(object)) ==
        "w.pth: the storage '0' is missing; download it again");
  CHECK(legacy_refusal(ErrorKind::Model, test::legacy_file(object, "]" + text_op("1") + "a", test::four_floats())) ==
        "w.pth: lists a storage that nothing in it uses; download it again");
  const std::string twice = "](" + text_op("0") + text_op("0") + "e";
  CHECK(legacy_refusal(ErrorKind::Model, test::legacy_file(object, twice, test::four_floats() + test::four_floats())) ==
        "w.pth: lists the storage '0' twice; download it again");
}

TEST_CASE("a cut legacy file and a foreign one are told apart") {
  const std::string whole = file_of({});
  CHECK(legacy_refusal(ErrorKind::Input, whole.substr(0, whole.size() - 1)) ==
        "w.pth: the file ends inside its numbers: the download was cut; download it again");
  for (size_t size = 16; size < whole.size(); ++size) legacy_refusal(ErrorKind::Input, whole.substr(0, size));
  CHECK(legacy_refusal(ErrorKind::Model, "\x80\x02}.") ==
        "w.pth: is a pickle, but not one that torch.save wrote; give a checkpoint");
  const std::string big_endian = test::dict_of("little_endian", "\x89");
  CHECK(legacy_refusal(ErrorKind::Model, test::legacy_file("}", "]", "", big_endian)) ==
        "w.pth: was saved on a big-endian machine; save it again on an ordinary one");
  const std::string module = "(" + text_op("module") + "NNNtQ";
  CHECK(legacy_refusal(ErrorKind::Model, test::legacy_file(module)) ==
        "w.pth: holds a whole pickled module, not its weights; save module.state_dict() instead");
}
