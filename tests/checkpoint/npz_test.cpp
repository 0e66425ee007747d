#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::ZipBuilder;

namespace {

std::string header_of(const std::string& type, bool fortran, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
}

// A member as numpy writes it, in version 1 or 2 of its format.
std::string npy(const std::string& header, const std::string& numbers, int version = 1) {
  const std::string length = version == 1 ? test::little(static_cast<uint16_t>(header.size()))
                                          : test::little(static_cast<uint32_t>(header.size()));
  return std::string("\x93") + "NUMPY" + static_cast<char>(version) + '\0' + length + header + numbers;
}

std::string six_floats() {
  std::string text;
  for (const float value : {1.F, 2.F, 3.F, 4.F, 5.F, 6.F}) text += test::little(value);
  return text;
}

std::string refusal_of(ErrorKind kind, const std::string& member) {
  ZipBuilder zip;
  const std::string file = zip.add("a.npy", member).finish();
  return error_of(kind, [&] { Checkpoint::parse(bytes_of(file), "d.npz"); });
}

}  // namespace

TEST_CASE("numpy's arrays, stored and deflated, in both orders and versions") {
  const bool deflated = GENERATE(false, true);
  const int version = GENERATE(1, 2);
  ZipBuilder zip;
  zip.add("rows.npy", npy(header_of("<f4", false, "(2, 3)"), six_floats(), version), deflated);
  zip.add("columns.npy", npy(header_of("<f4", true, "(2, 3)"), six_floats(), version), deflated);
  zip.add("one.npy", npy(header_of("<f8", false, "()"), test::little(2.5), version), deflated);
  zip.add("old.npy", npy(header_of("|u1", false, "(3L,)"), "abc", version), deflated);
  const std::string file = zip.add("notes.txt", "hello").finish();
  const Checkpoint arrays = Checkpoint::parse(bytes_of(file), "d.npz");
  CHECK(arrays.format() == Checkpoint::Format::Npz);
  CHECK(arrays.names() == std::vector<std::string>{"columns", "old", "one", "rows"});
  CHECK(arrays.foreign() == std::vector<std::string>{"notes.txt"});
  CHECK(arrays.info("rows").shape == std::vector<int64_t>{2, 3});
  CHECK(test::read_floats(arrays, "rows") == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(test::read_floats(arrays, "columns") == std::vector<float>{1, 3, 5, 2, 4, 6});
  CHECK(arrays.info("one").shape.empty());
  CHECK(arrays.info("one").dtype == DType::F64);
  CHECK(arrays.info("old").numel() == 3);
}

TEST_CASE("damaged numbers of numpy's arrays are found when they are read") {
  ZipBuilder zip;
  std::string file = zip.add("a.npy", npy(header_of("<f4", false, "(6,)"), six_floats())).finish();
  const size_t numbers = file.find(six_floats());
  file[numbers + 1] = static_cast<char>(file[numbers + 1] ^ 0x10);
  const Checkpoint arrays = Checkpoint::parse(bytes_of(file), "d.npz");
  CHECK(error_of(ErrorKind::Input, [&] { test::read_floats(arrays, "a"); }) ==
        "d.npz: the checksum of a tensor is wrong: the file is damaged; download it again");
}

TEST_CASE("members that are not as numpy writes them are refused in a sentence") {
  const std::string again = "; save it again with numpy.savez";
  CHECK(refusal_of(ErrorKind::Input, "no array") == "d.npz: 'a.npy' does not begin as numpy's arrays do" + again);
  CHECK(refusal_of(ErrorKind::Input, "abc") ==
        "d.npz: the file ends inside the header of an array: the download was cut; download it again");
  CHECK(refusal_of(ErrorKind::Model, npy(header_of(">f4", false, "(6,)"), six_floats())) ==
        "d.npz: 'a.npy' holds elements of type '>f4', which are not read; save little-endian numbers with numpy.savez");
  CHECK(refusal_of(ErrorKind::Model, npy(header_of("|O", false, "(1,)"), "\x80\x04.")) ==
        "d.npz: 'a.npy' holds elements of type '|O', which are not read; save little-endian numbers with numpy.savez");
  CHECK(refusal_of(ErrorKind::Model,
                   npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", "abcd")) ==
        "d.npz: 'a.npy' holds records; save plain numbers with numpy.savez");
  CHECK(refusal_of(ErrorKind::Input, npy(header_of("<f4", false, "(7,)"), six_floats())) ==
        "d.npz: 'a.npy' has another number of elements than its shape says" + again);
  const std::string damaged = "d.npz: the header of 'a.npy' is damaged" + again;
  CHECK(refusal_of(ErrorKind::Input, npy(header_of("<f4", false, "(-6,)"), six_floats())) == damaged);
  for (const bool fortran : {false, true}) {
    CHECK(refusal_of(ErrorKind::Input, npy(header_of("<f4", fortran, "(4611686018427387904, 4)"), "")) == damaged);
    CHECK(refusal_of(ErrorKind::Input, npy(header_of("<f4", fortran, "(4, 0, 4611686018427387904)"), "")) == damaged);
    // Its count is a number, that of its bytes is not.
    CHECK(refusal_of(ErrorKind::Input, npy(header_of("<f4", fortran, "(4611686018427387904,)"), "")) ==
          "d.npz: 'a.npy' has another number of elements than its shape says" + again);
  }
  CHECK(refusal_of(ErrorKind::Input, npy("{'descr': '<f4', 'shape': (6,), }\n", six_floats())) == damaged);
  CHECK(refusal_of(ErrorKind::Input, npy("__import__('os').system('true')", six_floats())) == damaged);
  CHECK(refusal_of(ErrorKind::Model, npy(header_of("<f4", false, "(6,)"), six_floats(), 9)) ==
        "d.npz: 'a.npy' is in version 9 of numpy's format, which is not read" + again);
}

TEST_CASE("a checkpoint of torch stays one, whatever lies beside its pickle") {
  test::TensorOps ops;
  ops.view = "";
  ZipBuilder zip;
  zip.add("a/data.pkl", "\x80\x02" + test::dict_of("w", ops.text()) + ".")
      .add("a/data/0", test::four_floats().substr(8));
  const std::string file = zip.add("a/more.npy", npy(header_of("<f4", false, "(6,)"), six_floats())).finish();
  CHECK(Checkpoint::parse(bytes_of(file), "w.pth").format() == Checkpoint::Format::TorchZip);
}
