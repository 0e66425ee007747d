#include "motion/numpy_pickle.h"

#include <cmath>
#include <cstring>

#include "animate/error.h"
#include "motion/half_float.h"
#include "motion/numpy_pickle_writer.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;
using test::error_of;

namespace {

// A reader that keeps its bytes.
struct Read {
  std::string bytes;
  NumpyPickle pickle;

  explicit Read(std::string text)
      : bytes("\x80\x04" + std::move(text) + "."), pickle(std::as_bytes(std::span(bytes)), "p") {}
  std::vector<float> floats() const { return pickle.floats(pickle.root(), "'a'"); }
};

std::string refusal(ErrorKind kind, const std::string& text) {
  return error_of(kind, [&] { Read(text).floats(); });
}

std::string model_refusal(const std::string& text) { return refusal(ErrorKind::Model, text); }

std::string text_op(std::string_view text) {
  return "\x8c" + std::string(1, static_cast<char>(text.size())) + std::string(text);
}

std::string dtype(std::string_view code, std::string_view order = "<", const std::string& names = "N") {
  return "cnumpy\ndtype\n(" + text_op(code) + "\x89\x88tR(K\x03" + text_op(order) + "N" + names +
         "NJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" + std::string(1, '\0') + "tb";
}

std::string bytes_op(std::string_view bytes) {
  return "C" + std::string(1, static_cast<char>(bytes.size())) + std::string(bytes);
}

// An array by _reconstruct and BUILD. `shape` is the operations between MARK and TUPLE.
std::string array_of(const std::string& type, const std::string& shape, const std::string& data, bool fortran = false,
                     const std::string& module = "numpy.core.multiarray") {
  return "c" + module + "\n_reconstruct\n(cnumpy\nndarray\nK" + std::string(1, '\0') + "\x85" + bytes_op("b") +
         "tR(K\x01(" + shape + "t" + type + (fortran ? "\x88" : "\x89") + data + "tb";
}

template <typename T>
std::string raw_bytes(std::initializer_list<T> values) {
  std::string bytes;
  for (const T& value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
  return bytes;
}

const std::string kSix = raw_bytes<float>({1, 2, 3, 4, 5, 6});
const std::string kTrust = "; nothing was executed; get the file from a source you trust";

}  // namespace

TEST_CASE("arrays of both NumPy generations, in either order") {
  const std::vector<float> expected{1, 2, 3, 4, 5, 6};
  CHECK(Read(array_of(dtype("f4"), "K\x02K\x03", bytes_op(kSix))).floats() == expected);
  CHECK(Read(array_of(dtype("f4"), "K\x02K\x03", bytes_op(kSix), false, "numpy._core.multiarray")).floats() ==
        expected);
  CHECK(Read(array_of(dtype("f4"), "K\x02K\x03", bytes_op(kSix), true)).floats() ==
        std::vector<float>{1, 3, 5, 2, 4, 6});
  for (const char* module : {"numpy.core.numeric", "numpy._core.numeric"}) {
    const std::string start = "c" + std::string(module) + "\n_frombuffer\n(";
    const std::string array8 = "\x96" + raw_bytes<uint64_t>({kSix.size()}) + kSix;
    CHECK(Read(start + array8 + dtype("f4") + "K\x06\x85" + text_op("C") + "tR").floats() == expected);
    CHECK(Read(start + bytes_op(kSix) + dtype("f4") + "K\x03K\x02\x86" + text_op("F") + "tR").floats() ==
          std::vector<float>{1, 4, 2, 5, 3, 6});
  }
  CHECK(Read(array_of(dtype("f4"), "", bytes_op(raw_bytes<float>({7})))).floats() == std::vector<float>{7});
}

TEST_CASE("half and double precision become single") {
  const std::string halves = raw_bytes<uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff, 0x0000});
  CHECK(Read(array_of(dtype("f2"), "K\x05", bytes_op(halves))).floats() ==
        std::vector<float>{1, -2, 5.9604645e-08F, 65504, 0});
  CHECK(Read(array_of(dtype("f8"), "K\x02", bytes_op(raw_bytes<double>({0.1, -3})))).floats() ==
        std::vector<float>{0.1F, -3});
  CHECK(std::isinf(half_to_float(0xfc00)));
  CHECK(std::isnan(half_to_float(0x7e00)));
  CHECK(std::signbit(half_to_float(0x8000)));
}

TEST_CASE("bytes that an old protocol spells as latin1 text") {
  // Every byte of these floats is above 0x7f somewhere: ff and 80 take two bytes of UTF-8.
  const std::string data = raw_bytes<float>({-1.5F, 3.4e38F});
  std::string utf8;
  for (const char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xc0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  const auto encoded = [](const std::string& text) {
    return "c_codecs\nencode\n(" + text_op(text) + text_op("latin1") + "tR";
  };
  CHECK(Read(array_of(dtype("f4"), "K\x02", encoded(utf8))).floats() == std::vector<float>{-1.5F, 3.4e38F});
  CHECK(model_refusal(array_of(dtype("f4"), "K\x01", encoded("\xc4\x80xy"))) ==
        "p: the pickle in it holds bytes that are not latin1 text" + kTrust);
  CHECK(refusal(ErrorKind::Input, array_of(dtype("f4"), "K\x01", encoded("123456789"))) ==
        "p: 'a' has more bytes than its shape says; get the file again");
  CHECK(refusal(ErrorKind::Input, array_of(dtype("f4"), "K\x01", encoded("12345"))) ==
        "p: 'a' has 5 bytes, its shape says 4; get the file again");
}

TEST_CASE("numbers, as Python's own and as NumPy's scalars") {
  const auto scalar = [](const std::string& code, const std::string& data) {
    const Read read("cnumpy.core.multiarray\nscalar\n(" + dtype(code, code == "i1" ? "|" : "<") + bytes_op(data) +
                    "tR");
    return std::pair(read.pickle.integer(read.pickle.root()), read.pickle.number(read.pickle.root()));
  };
  CHECK(scalar("i8", raw_bytes<int64_t>({-7})) == std::pair<std::optional<int64_t>, std::optional<double>>(-7, -7.0));
  CHECK(scalar("i1", "\xfe").first == -2);
  CHECK(scalar("u2", raw_bytes<uint16_t>({65535})).first == 65535);
  CHECK_FALSE(scalar("i8", raw_bytes<int64_t>({INT64_MAX})).first);
  CHECK_FALSE(scalar("f8", raw_bytes<double>({2.5})).first);
  CHECK(scalar("f8", raw_bytes<double>({2.5})).second == 2.5);
  CHECK(scalar("f4", raw_bytes<float>({0.5F})).second == 0.5);
  CHECK(Read("K\x05").pickle.integer(0) == 5);
  CHECK_FALSE(Read("\x88").pickle.integer(0));
  CHECK_FALSE(Read("N").pickle.number(0));
}

TEST_CASE("text and bytes are not taken for each other") {
  CHECK(Read(text_op("abc")).pickle.text(0) == "abc");
  CHECK_FALSE(Read(bytes_op("abc")).pickle.text(0));
  CHECK(model_refusal("}" + bytes_op("k") + "Ns") ==
        "p: the pickle in it holds a dict with a key that is not text" + kTrust);
  CHECK(model_refusal(array_of(dtype("f4"), "K\x01", text_op("abcd"))) ==
        "p: the pickle in it holds an array without bytes" + kTrust);
}

TEST_CASE("of a key that occurs twice the last counts, as in Python") {
  const Read read("}(" + text_op("a") + "K\x01" + text_op("b") + "K\x02" + text_op("a") + "K\x03u");
  CHECK(read.pickle.integer(*read.pickle.find(read.pickle.root(), "a")) == 3);
  CHECK_FALSE(read.pickle.find(read.pickle.root(), "c"));
}

TEST_CASE("what is not data is refused, used or not") {
  const std::string begin = "p: the pickle in it ";
  CHECK(model_refusal("cos\nsystem\n0" + array_of(dtype("f4"), "K\x01", bytes_op("abcd"))) ==
        begin + "mentions os.system, which is not data" + kTrust);
  CHECK(model_refusal("cos\nsystem\n(" + text_op("true") + "tR") ==
        begin + "calls os.system, which is not data" + kTrust);
  CHECK(model_refusal("ccollections\nOrderedDict\n)R") ==
        begin + "mentions collections.OrderedDict, which is not data" + kTrust);
  CHECK(model_refusal("cnumpy.core.multiarray\n_reconstruct\n)R") ==
        begin + "calls numpy.core.multiarray._reconstruct as no motion template needs it" + kTrust);
  CHECK(model_refusal("c_codecs\nencode\n(" + text_op("a") + text_op("rot13") + "tR") ==
        begin + "calls _codecs.encode as no motion template needs it" + kTrust);
  CHECK(model_refusal("cnumpy\nndarray\n)R") == begin + "calls numpy.ndarray as no motion template needs it" + kTrust);
  CHECK(model_refusal("cnumpy\ndtype\n(" + text_op("f4") + "tR)R") == begin + "calls the result of a call" + kTrust);
  CHECK(model_refusal("\x8f") == begin + "holds a set, which no motion template needs" + kTrust);
  CHECK(model_refusal("}(" + [] {
          std::string items;
          for (int i = 0; i < 65; ++i) items += text_op("k") + "N";
          return items;
        }() + "u") == begin + "holds a dict of more than 64 keys" + kTrust);
}

TEST_CASE("types that are not plain numbers of this machine's order are refused") {
  const std::string begin = "p: the pickle in it holds an array of ";
  const auto typed = [](const std::string& type) { return model_refusal(array_of(type, "K\x01", bytes_op("abcd"))); };
  CHECK(typed(dtype("f4", ">")) == begin + "'f4' in a byte order other than little-endian" + kTrust);
  CHECK(typed(dtype("O8", "|")) == begin + "the type 'O8', which is not a number" + kTrust);
  CHECK(typed(dtype("V8", "|", text_op("x") + "\x85")) == begin + "records" + kTrust);
  CHECK(typed(dtype("f16")) == begin + "the type 'f16', which is not a number" + kTrust);
  CHECK(typed("K\x01") == "p: the pickle in it holds an array whose type is no dtype" + kTrust);
  CHECK(refusal(ErrorKind::Input, array_of(dtype("i4"), "K\x01", bytes_op("abcd"))) ==
        "p: 'a' does not hold floating-point numbers; get the file again");
}

TEST_CASE("shapes are believed only when the bytes agree") {
  const auto shaped = [](const std::string& shape, bool fortran = false) {
    return refusal(ErrorKind::Input, array_of(dtype("f4"), shape, bytes_op("abcd"), fortran));
  };
  CHECK(shaped("K\x02") == "p: 'a' has 4 bytes, its shape says 8; get the file again");
  CHECK(shaped("J\xff\xff\xff\xff") == "p: 'a' has a shape that is none; get the file again");
  CHECK(shaped(text_op("x")) == "p: 'a' has a shape that is none; get the file again");
  CHECK(shaped("K\x01K\x01K\x01K\x01K\x01") ==
        "p: 'a' has more dimensions than a motion template has; get the file again");
  CHECK(shaped("J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f") ==
        "p: 'a' is larger than any file; get the file again");
  CHECK(shaped("J\xff\xff\xff\x7fJ\xff\xff\xff\x7fK" + std::string(1, '\0'), true) ==
        "p: 'a' has 4 bytes, its shape says 0; get the file again");
  CHECK(refusal(ErrorKind::Input, "]") == "p: 'a' is not an array of numbers; get the file again");
}

TEST_CASE("what the writer writes comes back") {
  NumpyPickleWriter out;
  out.begin_dict();
  out.text("integers");
  out.begin_list();
  const std::vector<int64_t> integers{0, 255, 256, 65535, 65536, -1, INT32_MIN, INT64_MAX, INT64_MIN};
  for (const int64_t value : integers) out.integer(value);
  out.end_list();
  out.text("number");
  out.number(-0.1);
  out.text("array");
  std::vector<float> values(100);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 7;
  out.array({1, 50, 2}, values);
  out.end_dict();
  const std::string bytes = std::move(out).finish();
  const NumpyPickle read(std::as_bytes(std::span(bytes)), "p");
  const auto* list = read.items(*read.find(read.root(), "integers"));
  REQUIRE(list->size() == integers.size());
  for (size_t i = 0; i < integers.size(); ++i) CHECK(read.integer((*list)[i]) == integers[i]);
  CHECK(read.number(*read.find(read.root(), "number")) == -0.1);
  const auto array = *read.find(read.root(), "array");
  CHECK(read.shape(array, "a") == std::vector<int64_t>{1, 50, 2});
  CHECK(read.floats(array, "a") == values);
}
