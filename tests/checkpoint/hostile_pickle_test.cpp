#include <chrono>

#include "checkpoint/file_builder.h"
#include "checkpoint/pickle_policy.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::text_op;

namespace {

std::string refusal(const std::string& file) {
  return error_of(ErrorKind::Model, [&] { Checkpoint::parse(bytes_of(file), "w.pth"); });
}

std::string repeat(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a pickle that calls os.system is refused and runs nothing") {
  const test::TempDir dir;
  const auto sentinel = dir / "sentinel";
  const std::string command = text_op("touch " + sentinel.string());
  const std::string by_reduce = "cos\nsystem\n" + command + "\x85R";
  const std::string by_inst = "(" + command + "ios\nsystem\n";
  const std::string by_obj = "(cos\nsystem\n" + command + "o";
  const std::string by_newobj = "cos\nsystem\n" + command + "\x85\x81";
  const std::string by_stack = text_op("os") + text_op("system") + "\x93" + command + "\x85R";
  for (const std::string& call : {by_reduce, by_inst, by_obj, by_newobj, by_stack}) {
    const std::string expected =
        "w.pth: the pickle in it calls os.system, which is not data; nothing was executed; get the file from a source "
        "you trust";
    CHECK(refusal(test::legacy_file(test::dict_of("generator", call))) == expected);
    test::ZipBuilder zip;
    zip.add("a/data.pkl", "\x80\x02" + test::dict_of("generator", call) + ".");
    CHECK(refusal(zip.finish()) == expected);
  }
  CHECK_FALSE(std::filesystem::exists(sentinel));
}

TEST_CASE("which globals are data, foreign or forbidden") {
  using pickle::Trust;
  using pickle::trust_in;
  CHECK(trust_in("collections", "OrderedDict") == Trust::Known);
  CHECK(trust_in("torch", "BFloat16Storage") == Trust::Known);
  CHECK(trust_in("builtins", "set") == Trust::Known);
  CHECK(trust_in("numpy", "dtype") == Trust::Foreign);
  CHECK(trust_in("pathlib", "PosixPath") == Trust::Foreign);
  CHECK(trust_in("my.osmosis", "system") == Trust::Foreign);
  for (const auto& [module, name] :
       {std::pair("builtins", "eval"), std::pair("__builtin__", "getattr"), std::pair("posix", "system"),
        std::pair("nt", "system"), std::pair("subprocess", "Popen"), std::pair("importlib._bootstrap", "x"),
        std::pair("runpy", "run_path"), std::pair("functools", "partial"),
        std::pair("torch.serialization", "os.system"), std::pair("numpy.os", "system")}) {
    INFO(module << "." << name);
    CHECK(trust_in(module, name) == Trust::Forbidden);
  }
}

TEST_CASE("a forbidden name that nobody calls stays a name") {
  const std::string file =
      test::legacy_file("}" + text_op("f") + "cposix\ngetcwd\ns" + text_op("w") + test::TensorOps{}.text() + "s",
                        test::key_list_0(), test::four_floats());
  const Checkpoint checkpoint = Checkpoint::parse(bytes_of(file), "w.pth");
  CHECK(checkpoint.foreign() == std::vector<std::string>{"posix.getcwd"});
  CHECK(checkpoint.names() == std::vector<std::string>{"w"});
}

TEST_CASE("deep nesting neither overflows the stack nor is accepted") {
  constexpr size_t depth = 500'000;
  CHECK_THAT(refusal(test::legacy_file(repeat("]", depth) + repeat("a", depth - 1))),
             ContainsSubstring("is nested too deeply"));
  CHECK_THAT(refusal(test::legacy_file(repeat("N\x85", 1) + repeat("\x85", depth))),
             ContainsSubstring("is nested too deeply"));
}

TEST_CASE("a list that holds itself does not hang the reader") {
  CHECK_THAT(refusal(test::legacy_file("]q\x01h\x01"
                                       "a")),
             ContainsSubstring("is nested too deeply"));
  CHECK_THAT(refusal(test::legacy_file("]q\x01(h\x01h\x01"
                                       "e")),
             ContainsSubstring("the pickle in it"));
}

TEST_CASE("a memo bomb ends quickly") {
  // Forty lists, each holding the one before ten times: 10^40 leaves.
  std::string bomb = "N";
  for (int level = 0; level < 40; ++level)
    bomb +=
        "q\x01"
        "0](" +
        repeat("h\x01", 10) + "e";
  const auto start = std::chrono::steady_clock::now();
  CHECK_THAT(refusal(test::legacy_file(bomb)), ContainsSubstring("repeats itself without end"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("names and texts repeated through the memo are bounded") {
  const std::string long_key = text_op(std::string(1 << 20, 'k')) +
                               "q\x01"
                               "0";
  std::string object = long_key + "](" + repeat("h\x01", 1000) + "e";
  CHECK_THAT(refusal(test::legacy_file(object)), ContainsSubstring("repeats itself without end"));
  object = long_key + "}(" + repeat("h\x01N", 1000) + "u";
  CHECK_THAT(refusal(test::legacy_file(object)), ContainsSubstring("repeats itself without end"));
}

TEST_CASE("a list copied again and again through OrderedDict is bounded") {
  const std::string list = "](" + repeat("N\x85N\x86", 1000) +
                           "eq\x01"
                           "0";
  const std::string copies = repeat("ccollections\nOrderedDict\nh\x01\x85R0", 5000);
  CHECK_THAT(refusal(test::legacy_file(list + copies + "N")), ContainsSubstring("holds too many values"));
}

TEST_CASE("one name for two tensors is refused") {
  const std::string tensor = test::TensorOps{}.text();
  const std::string twice = "}(" + text_op("w") + tensor + text_op("w") + tensor + "u";
  CHECK(refusal(test::legacy_file(twice, test::key_list_0(), test::four_floats())) ==
        "w.pth: the pickle in it names two tensors 'w'; download it again from a source you trust");
}

TEST_CASE("control characters in names are shown, not sent to the terminal") {
  const std::string file = test::legacy_file(test::dict_of("a\n\x1b[2J\xff", test::TensorOps{}.text()),
                                             test::key_list_0(), test::four_floats());
  CHECK(Checkpoint::parse(bytes_of(file), "w").names() == std::vector<std::string>{"a\\x0a\\x1b[2J\\xff"});
}
