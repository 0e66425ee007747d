#include "checkpoint/pickle.h"

#include "checkpoint/file_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::checkpoint;
using namespace animate;
using test::bytes_of;
using test::error_of;
using test::raw;

namespace {

// A tree views its bytes, which therefore stay with it.
struct Parsed {
  std::string bytes;
  pickle::Tree tree;

  explicit Parsed(std::string text) : bytes(std::move(text)), tree(pickle::parse(bytes_of(bytes), "p")) {}
  template <typename T>
  const T& root() const {
    return std::get<T>(tree[tree.root]);
  }
};

std::string pickle_refusal(ErrorKind kind, const std::string& text) {
  return error_of(kind, [&] { pickle::parse(bytes_of(text), "p"); });
}

}  // namespace

TEST_CASE("scalars of every width") {
  CHECK(Parsed("K\x05.").root<int64_t>() == 5);
  CHECK(Parsed("M\xe9\x03.").root<int64_t>() == 1001);
  CHECK(Parsed("J\xf9\xff\xff\xff.").root<int64_t>() == -7);
  CHECK(Parsed(raw("\x8a\x00.")).root<int64_t>() == 0);
  CHECK(Parsed(raw("\x8a\x02\x00\x80.")).root<int64_t>() == -32768);
  CHECK(Parsed(raw("\x8b\x01\x00\x00\x00\xff.")).root<int64_t>() == -1);
  CHECK(Parsed(raw("G\x3f\xe0\x00\x00\x00\x00\x00\x00.")).root<double>() == 0.5);
  CHECK(Parsed("\x88.").root<bool>());
  CHECK_FALSE(Parsed("\x89.").root<bool>());
  CHECK(Parsed("\x8c\x02hi.").root<pickle::Text>().value == "hi");
  CHECK(Parsed("\x80\x04\x95" + std::string(8, '\0') + "N.").tree.consumed == 13);
}

TEST_CASE("numbers that protocols 0 and 1 write as text") {
  CHECK(Parsed("I-12\n.").root<int64_t>() == -12);
  CHECK(Parsed("I01\n.").root<bool>());
  CHECK_FALSE(Parsed("I00\n.").root<bool>());
  CHECK(Parsed("L123L\n.").root<int64_t>() == 123);
  CHECK(Parsed("L0L\n.").root<int64_t>() == 0);
  CHECK(Parsed("L-1180591620717411303424L\n.").root<pickle::BigInt>().decimal == "-1180591620717411303424");
  CHECK(Parsed("F-0.1\n.").root<double>() == -0.1);
  CHECK(Parsed("F1e-300\n.").root<double>() == 1e-300);
  for (const char* bad : {"I1x\n.", "I\n.", "L-\n.", "F1,5\n.", "F\n.", "I0x10\n."}) {
    INFO(bad);
    CHECK(pickle_refusal(ErrorKind::Model, bad) ==
          "p: the pickle in it spells a number as Python does not; download it again from a source you trust");
  }
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "L" + std::string(3000, '1') + "L\n."),
             ContainsSubstring("holds an integer that is too long"));
  CHECK_THAT(pickle_refusal(ErrorKind::Input, "I12"), ContainsSubstring("the file ends inside its pickle"));
}

TEST_CASE("texts that protocols 0 and 1 write with escapes") {
  CHECK(Parsed("Vn_frames\n.").root<pickle::Text>().value == "n_frames");
  CHECK(Parsed("Va\\u000ab\\u005c\\u20ac\\U0001f600\xe9\n.").root<pickle::Text>().value ==
        "a\nb\\\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9");
  CHECK(Parsed("Va\\b\n.").root<pickle::Text>().value == "a\\b");
  CHECK_FALSE(Parsed("Vx\n.").root<pickle::Text>().is_old);
  const Parsed old("S'a\\n\\x00\\'\\\\'\n.");
  CHECK(old.root<pickle::Text>().value == std::string_view("a\n\0'\\", 5));
  CHECK(old.root<pickle::Text>().is_old);
  CHECK(Parsed("U\x02hi.").root<pickle::Text>().is_old);
  for (const char* bad :
       {"Va\\u00\n.", "V\\U99999999\n.", "Sx\n.", "S'a\"\n.", "S'\\q'\n.", "S'\\x1'\n.", "S'\\'\n."}) {
    INFO(bad);
    CHECK(pickle_refusal(ErrorKind::Model, bad) ==
          "p: the pickle in it spells a text as Python does not; download it again from a source you trust");
  }
  CHECK(std::holds_alternative<pickle::Persistent>(Parsed("Pabc\n.").tree[1]));
}

TEST_CASE("texts with escapes stay where a copy of the tree is") {
  std::optional<pickle::Tree> first(Parsed("Va\\u000ab\n.").tree);
  const pickle::Tree second = *first;
  first.reset();
  CHECK(std::get<pickle::Text>(second[second.root]).value == "a\nb");
}

TEST_CASE("of the module collections only two classes are dicts") {
  CHECK(Parsed("ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R.").root<pickle::Mapping>().items.empty());
  for (const char* name : {"Counter", "deque", "ChainMap", "UserDict"}) {
    INFO(name);
    const Parsed parsed("ccollections\n" + std::string(name) + "\n}\x85R.");
    CHECK(std::holds_alternative<pickle::Call>(parsed.tree[parsed.tree.root]));
    CHECK(parsed.tree.foreign == std::vector<std::string>{"collections." + std::string(name)});
  }
}

TEST_CASE("integers beyond 64 bits become decimal text") {
  CHECK(Parsed("\x8a\x09" + std::string(8, '\0') + "\x40.").root<pickle::BigInt>().decimal == "1180591620717411303424");
  CHECK(pickle::decimal_of(bytes_of(raw("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"))) == "119547037146038801333356");
  CHECK(pickle::decimal_of(bytes_of("\xff")) == "-1");
  CHECK(pickle::decimal_of(bytes_of(std::string(8, '\0') + "\x80")) == "-2361183241434822606848");
  CHECK(pickle::decimal_of(bytes_of(raw("\x00\xca\x9a\x3b\x00"))) == "1000000000");
  CHECK(pickle::decimal_of({}) == "0");
}

TEST_CASE("bytes are told from text") {
  CHECK_FALSE(Parsed("\x8c\x02hi.").root<pickle::Text>().is_bytes);
  CHECK_FALSE(Parsed(raw("X\x01\x00\x00\x00h.")).root<pickle::Text>().is_bytes);
  CHECK(Parsed("C\x01h.").root<pickle::Text>().is_bytes);
  CHECK(Parsed(raw("B\x01\x00\x00\x00h.")).root<pickle::Text>().is_bytes);
  CHECK(Parsed(raw("\x96\x01\x00\x00\x00\x00\x00\x00\x00h.")).root<pickle::Text>().is_bytes);
}

TEST_CASE("a memo whose places are written as text") {
  CHECK(Parsed("K\x05p12\n0g12\n.").root<int64_t>() == 5);
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "Npx\n."), ContainsSubstring("memo index that is no number"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "Ng7\n."), ContainsSubstring("recalls a value that it never stored"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "Np99999999999\n."), ContainsSubstring("memo that is too large"));
}

TEST_CASE("containers, marks and the memo") {
  const Parsed list(
      "]q\x07(K\x01K\x02"
      "e0h\x07.");
  REQUIRE(list.root<pickle::Sequence>().items.size() == 2);
  const Parsed tuple("K\x01K\x02K\x03\x87.");
  CHECK(tuple.root<pickle::Sequence>().kind == pickle::Sequence::Kind::Tuple);
  CHECK(Parsed("\x8f(K\x01K\x02\x90.").root<pickle::Sequence>().items.size() == 2);
  const Parsed dict("}(K\x01K\x02K\x03K\x04u.");
  CHECK(dict.root<pickle::Mapping>().items.size() == 2);
  const Parsed ordered(
      "ccollections\nOrderedDict\n(]((\x8c\x01"
      "aK\x01ttt.");
  CHECK(ordered.tree.foreign.empty());
  const Parsed pairs(
      "ccollections\nOrderedDict\n]\x8c\x01"
      "aK\x01\x86"
      "a\x85R.");
  CHECK(pairs.root<pickle::Mapping>().items.size() == 1);
  const Parsed state("ccollections\nOrderedDict\n)R}b.");
  CHECK(state.root<pickle::Mapping>().items.empty());
  const Parsed size("ctorch\nSize\nK\x01K\x02\x86\x85R.");
  CHECK(size.root<pickle::Sequence>().items.size() == 2);
}

TEST_CASE("an unknown call is an inert value") {
  const Parsed parsed(
      "\x8c\x05numpy\x8c\x05"
      "dtype\x93\x8c\x02"
      "f4\x85R}b.");
  const auto& call = parsed.root<pickle::Call>();
  CHECK(parsed.tree.callee(call)->name == "dtype");
  CHECK(call.has_state);
  CHECK(parsed.tree.foreign == std::vector<std::string>{"numpy.dtype"});
  CHECK(Parsed("ccollections\nCounter\n}\x85R.").tree.foreign == std::vector<std::string>{"collections.Counter"});
  CHECK(Parsed("cargparse\nNamespace\n)\x81}b.").tree.foreign == std::vector<std::string>{"argparse.Namespace"});
}

TEST_CASE("a malformed pickle is refused") {
  const std::string cut = "p: the file ends inside its pickle: the download was cut; download it again";
  CHECK(pickle_refusal(ErrorKind::Input, "") == cut);
  CHECK(pickle_refusal(ErrorKind::Input, "K") == cut);
  CHECK(pickle_refusal(ErrorKind::Input,
                       "X\xff\xff\xff\x7f"
                       "abc") == cut);
  CHECK(pickle_refusal(ErrorKind::Input, "\x8d\xff\xff\xff\xff\xff\xff\xff\xff") == cut);
  CHECK(pickle_refusal(ErrorKind::Input, "cmodule") == cut);
  CHECK(pickle_refusal(ErrorKind::Model, "\x80\x09") ==
        "p: the pickle in it has a protocol that is not known; download it again from a source you trust");
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "\x82\x01."),
             ContainsSubstring("uses the operation 0x82, which no file of numbers needs"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "."), ContainsSubstring("takes a value from an empty stack"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "N(\x85."), ContainsSubstring("takes a value from an empty stack"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "Nt."), ContainsSubstring("misses a mark"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "h\x01."), ContainsSubstring("recalls a value that it never stored"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "Nr\xff\xff\xff\xff."), ContainsSubstring("memo that is too large"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "}(Nu."), ContainsSubstring("sets items of what is not a dict"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, ")Na."), ContainsSubstring("appends to what is not a list"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "K\x01)R."), ContainsSubstring("calls what is not a function"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, "K\x01}b."), ContainsSubstring("what is not an object"));
  CHECK_THAT(pickle_refusal(ErrorKind::Model, raw("\x8b\xff\xff\x00\x00")),
             ContainsSubstring("integer that is too long"));
}
