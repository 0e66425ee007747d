#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::ZipBuilder;

namespace {

std::string pickle_text() {
  test::TensorOps ops;
  ops.view = "";
  return "\x80\x02" + test::dict_of("w", ops.text()) + ".";
}

std::string floats() { return test::four_floats().substr(8); }

std::string zip_refusal(ErrorKind kind, const std::string& file) {
  return error_of(kind, [&] { Checkpoint::parse(bytes_of(file), "w.pth"); });
}

}  // namespace

TEST_CASE("stored and deflated entries, with and without zip64") {
  const bool wide = GENERATE(false, true);
  const bool deflated = GENERATE(false, true);
  ZipBuilder zip;
  zip.wide = wide;
  zip.add("my.pth/data.pkl", pickle_text(), deflated).add("my.pth/byteorder", "little", deflated);
  zip.add("my.pth/data/0", floats(), deflated).add("my.pth/version", "3\n").add("my.pth/.data/serialization_id", "1");
  const std::string file = zip.finish();
  const Checkpoint checkpoint = Checkpoint::parse(bytes_of(file), "w.pth");
  CHECK(checkpoint.format() == Checkpoint::Format::TorchZip);
  CHECK(test::read_floats(checkpoint, "w") == std::vector<float>{1, 2, 3, 4});
  CHECK(test::read_floats(checkpoint, "w") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a damaged tensor is found when it is read") {
  const bool deflated = GENERATE(false, true);
  ZipBuilder zip;
  zip.add("a/data.pkl", pickle_text()).add("a/data/0", floats(), deflated);
  std::string file = zip.finish();
  const size_t numbers = file.find("a/data/0") + 8 + 9;
  file[numbers + 1] = static_cast<char>(file[numbers + 1] ^ 0x10);
  const Checkpoint checkpoint = Checkpoint::parse(bytes_of(file), "w.pth");
  const std::string message = error_of(ErrorKind::Input, [&] { test::read_array(checkpoint, "w"); });
  if (!deflated) {
    CHECK(message == "w.pth: the checksum of a tensor is wrong: the file is damaged; download it again");
  }
}

TEST_CASE("a damaged pickle is found at once") {
  ZipBuilder zip;
  std::string file = zip.add("a/data.pkl", pickle_text()).add("a/data/0", floats()).finish();
  file[file.find("OrderedDict")] = 'o';
  CHECK(zip_refusal(ErrorKind::Input, file) ==
        "w.pth: the checksum of 'a/data.pkl' is wrong: the file is damaged; download it again");
}

TEST_CASE("zips that are no checkpoints are told so") {
  CHECK(zip_refusal(ErrorKind::Model, ZipBuilder().add("readme.txt", "hello").finish()) ==
        "w.pth: is a zip without a checkpoint's data.pkl; unpack it first if the checkpoint lies inside, or give "
        "another file");
  CHECK(zip_refusal(ErrorKind::Model, ZipBuilder().add("a/data.pkl", "N.").add("a/constants.pkl", "N.").finish()) ==
        "w.pth: is a TorchScript program, not a checkpoint; save the module's state_dict() with torch.save instead");
  CHECK(zip_refusal(ErrorKind::Model, ZipBuilder().add("a/data.pkl", "N.").add("a/byteorder", "big").finish()) ==
        "w.pth: was saved on a big-endian machine ('big'); save it again on an ordinary one");
  CHECK(zip_refusal(ErrorKind::Model, ZipBuilder().add("a/data.pkl", pickle_text()).finish()) ==
        "w.pth: the zip has no 'a/data/0'; download it again");
  CHECK(zip_refusal(ErrorKind::Model,
                    ZipBuilder().add("a/data.pkl", pickle_text()).add("a/data/0", floats() + "more").finish()) ==
        "w.pth: the storage '0' has 20 bytes where 16 are announced; download it again");
  CHECK(zip_refusal(ErrorKind::Input, ZipBuilder().add("a/data.pkl", "N.").add("a/data.pkl", "N.").finish()) ==
        "w.pth: the zip holds 'a/data.pkl' twice; download it again");
}

TEST_CASE("a zip cut anywhere is refused") {
  const std::string file = ZipBuilder().add("a/data.pkl", pickle_text()).add("a/data/0", floats()).finish();
  for (size_t size = 4; size < file.size(); ++size) {
    CHECK(zip_refusal(ErrorKind::Input, file.substr(0, size)) ==
          "w.pth: the zip's end is missing: the download was cut; download it again");
  }
}

TEST_CASE("a compressed entry may not claim more than deflate can give") {
  ZipBuilder zip;
  zip.add("a/data.pkl", std::string(20'000, 'N') + pickle_text(), true);
  std::string file = zip.finish();
  const size_t directory = file.rfind("PK\x01\x02");
  const std::string huge = test::little(uint32_t{0xfffffff0});
  file.replace(directory + 24, 4, huge);
  CHECK(zip_refusal(ErrorKind::Input, file) == "w.pth: a compressed part of the zip is damaged; download it again");
}
