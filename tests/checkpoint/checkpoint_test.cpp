#include "checkpoint/checkpoint.h"

#include <fstream>
#include <sstream>
#include <thread>

#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

std::string refusal(ErrorKind kind, std::string_view bytes) {
  return error_of(kind, [&] { Checkpoint::parse(test::bytes_of(bytes), "w.pth"); });
}

std::string two_tensors(const std::string& first, const std::string& second) {
  return test::safetensors_file("{\"" + first + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},")" + second +
                                    R"(":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                                test::little(1.F) + test::little(2.F));
}

}  // namespace

TEST_CASE("what is not a checkpoint is told from its content, with what to do") {
  const TempDir dir;
  const auto opening = [&](const std::string& content) {
    const auto path = dir.write("w.pth.tar", content);
    const std::string message = error_of(ErrorKind::Input, [&] { Checkpoint::open(path); });
    REQUIRE(message.starts_with(path.string() + ": "));
    return message.substr(path.string().size() + 2);
  };
  CHECK(opening("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n") ==
        "is a Git-LFS pointer, not the file itself; run `git lfs pull` in its repository");
  CHECK(opening("<!doctype html><title>Sign in") ==
        "is a web page, not the file it is named after; download the file itself");
  CHECK(opening("") == "the file is empty; download or copy it again");
  CHECK(opening("weights" + std::string(250, '\0') + "ustar" + std::string(250, '\0')) ==
        "is a tar archive, not a checkpoint; unpack it first");
  CHECK(opening("\x1f\x8b\x08") == "is a gzip archive, not a checkpoint; unpack it first");
  CHECK(opening("to be done") == "is a text file, not a checkpoint; give a .safetensors, .pth or .pth.tar file");
  CHECK(opening(test::raw("\x00\x01\x02")) == "is not a checkpoint; give a .safetensors, .pth or .pth.tar file");
  CHECK(opening("PK\x03\x04" + std::string(100, 'x')) ==
        "the zip's end is missing: the download was cut; download it again");
  CHECK(error_of(ErrorKind::Input, [&] { Checkpoint::open(dir / "none.pth"); }) ==
        (dir / "none.pth").string() + ": no such file; check the path");
}

TEST_CASE("a file without tensors is refused") {
  const std::string message = "w.pth: holds no tensors; give a checkpoint with weights";
  CHECK(refusal(ErrorKind::Model, test::legacy_file("}")) == message);
  CHECK(refusal(ErrorKind::Model, test::safetensors_file("{}", "")) == message);
}

TEST_CASE("a scope is a view below a prefix") {
  const std::string file = two_tensors("net.a", "network.b");
  const Checkpoint checkpoint = Checkpoint::parse(test::bytes_of(file), "w");
  const CheckpointScope net = checkpoint.scope("net");
  CHECK(net.names() == std::vector<std::string>{"a"});
  CHECK(net.contains("a"));
  CHECK_FALSE(net.contains("work.b"));
  CHECK(net.info("a").shape == std::vector<int64_t>{1});
  CHECK(checkpoint.scope("").names() == checkpoint.names());
  CHECK(checkpoint.scope("ne").empty());
  float value = 0;
  checkpoint.scope("network").read("b", std::as_writable_bytes(std::span(&value, 1)));
  CHECK(value == 2.F);
  CHECK(error_of(ErrorKind::Model, [&] { net.info("c"); }) == "w: has no tensor 'net.c'; give another checkpoint");
}

TEST_CASE("module. is left out only when every name has it") {
  const std::string wrapped = two_tensors("net.module.a", "net.module.b");
  const Checkpoint all = Checkpoint::parse(test::bytes_of(wrapped), "w");
  CHECK(all.scope("net").names() == std::vector<std::string>{"a", "b"});
  CHECK(test::read_floats(all, "net.module.b") == std::vector<float>{2.F});
  float value = 0;
  all.scope("net").read("b", std::as_writable_bytes(std::span(&value, 1)));
  CHECK(value == 2.F);
  const std::string mixed = two_tensors("net.module.a", "net.b");
  const Checkpoint some = Checkpoint::parse(test::bytes_of(mixed), "w");
  CHECK(some.scope("net").names() == std::vector<std::string>{"module.a", "b"});
}

TEST_CASE("what wrappers add before and behind a network's name is left out") {
  for (const std::string before : {"", "module.", "model.", "_orig_mod.", "state_dict.", "params_ema.",
                                   "state_dict.module.", "module._orig_mod."}) {
    for (const std::string behind : {"", "module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."}) {
      INFO(before << " net " << behind);
      const std::string start = before + "net." + behind;
      const std::string file = two_tensors(start + "a", start + "b");
      const Checkpoint checkpoint = Checkpoint::parse(test::bytes_of(file), "w");
      const CheckpointScope net = checkpoint.scope("net");
      CHECK(net.names() == std::vector<std::string>{"a", "b"});
      float value = 0;
      net.read("b", std::as_writable_bytes(std::span(&value, 1)));
      CHECK(value == 2.F);
    }
  }
}

TEST_CASE("a file of one network may be wrapped, and other dicts beside its weights are passed over") {
  const auto names = [](const std::string& a, const std::string& b) {
    const std::string file = two_tensors(a, b);
    return Checkpoint::parse(test::bytes_of(file), "w").scope("").names();
  };
  using Names = std::vector<std::string>;
  CHECK(names("model.a", "model.b") == Names{"a", "b"});
  CHECK(names("module._orig_mod.a", "module._orig_mod.b") == Names{"a", "b"});
  CHECK(names("state_dict.a", "optimizer.b") == Names{"a"});
  CHECK(names("params_ema.a", "params.a") == Names{"a"});
  // A name that only some have is a name.
  CHECK(names("model.a", "b") == Names{"model.a", "b"});
  CHECK(names("_orig_mod.a", "b") == Names{"_orig_mod.a", "b"});
  CHECK(names("modelled.a", "modelled.b") == Names{"modelled.a", "modelled.b"});
}

TEST_CASE("a network under its own name comes before one in a wrapper") {
  const std::string file = two_tensors("net.a", "module.net.b");
  CHECK(Checkpoint::parse(test::bytes_of(file), "w").scope("net").names() == std::vector<std::string>{"a"});
}

TEST_CASE("many threads may read one checkpoint") {
  const auto path = test::fixtures_root() / "fomm/checkpoints/nomotion.zip.pth.tar";
  const Checkpoint checkpoint = Checkpoint::open(path);
  const std::string& name = checkpoint.names().front();
  const auto expected = test::read_array(Checkpoint::open(path), name);
  std::vector<std::vector<std::byte>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&checkpoint, &name, &result] {
        for (int i = 0; i < 50; ++i) result = test::read_array(checkpoint, name);
      });
    }
  }
  for (const auto& result : results) CHECK(result == expected);
}

TEST_CASE("loading part of a large file keeps the rest out of memory") {
  // The file is mapped, so what stays of it counts as RssFile. Under the address sanitizer only that is looked at: its
  // shadow of the mapping, an eighth of the file, is anonymous memory that lies elsewhere at each run.
#ifdef __SANITIZE_ADDRESS__
  const std::string counted = "RssFile:";
#else
  const std::string counted = "VmRSS:";
#endif
  const auto resident_kb = [&counted] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(counted)) return std::stol(line.substr(counted.size()));
    }
    FAIL("no line " << counted << " in /proc/self/status");
    return 0L;
  };
  constexpr size_t elements = size_t{4} << 20;  // 16 MB each
  const TempDir dir;
  std::string objects = "}";
  std::string keys = "]";
  for (const char* key : {"0", "1", "2", "3"}) {
    test::TensorOps ops;
    ops.key = key;
    ops.numel = "J" + test::little(static_cast<int32_t>(elements));
    ops.shape = ops.numel + "\x85";
    objects += test::text_op(key) + ops.text() + "s";
    keys += test::text_op(key) + "a";
  }
  const auto path = dir.write("big.pth", test::legacy_file(objects, keys));
  {
    std::ofstream out(path, std::ios::binary | std::ios::app);
    const std::string numbers(elements * sizeof(float), '\1');
    for (int i = 0; i < 4; ++i) out << test::little(static_cast<int64_t>(elements)) << numbers;
  }
  std::vector<std::byte> out(elements * sizeof(float), std::byte{2});
  const long before = resident_kb();
  const Checkpoint checkpoint = Checkpoint::open(path);
  for (const std::string& name : checkpoint.names()) checkpoint.read(name, out);
  CHECK(resident_kb() - before < 4 * 1024);
  CHECK(out.back() == std::byte{1});
}
