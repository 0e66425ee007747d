#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace animate::checkpoint::pickle {

// A pickle is a program for a small stack machine, one byte an operation, its operands behind it. Python's
// pickletools.py describes every opcode. Running it in Python may import and call anything; here it only builds a tree
// of values.
//
//   bytes                        stack afterwards        what the operations are
//   80 02                                                PROTO 2
//   7d                           {}                      EMPTY_DICT
//   28                           {} |                    MARK: a fence, drawn as |
//   58 01 00 00 00 'w'           {} | "w"                BINUNICODE, length in 4 bytes
//   4b 07                        {} | "w" 7              BININT1
//   75                           {"w": 7}                SETITEMS: all above the mark goes into the dict below it
//   2e                                                   STOP: the top of the stack is the result
//
// PUT and GET (and MEMOIZE) keep values in a numbered memo, so one value can occur in several places, even in itself.
// Values live in one array and name each other by index, so that shared, cyclic and very deep pickles are cheap to
// hold and to destroy. Walk them with an explicit stack and a bound.
using Id = uint32_t;

struct None {};
// An integer outside 64 bits, in decimal.
struct BigInt {
  std::string decimal;
};
// A str or bytes object; a view of the pickle's bytes, or of Tree::unescaped; not checked to be UTF-8.
struct Text {
  std::string_view value;
  bool is_bytes = false;  // bytes or bytearray; str otherwise, as are the byte strings of Python 2
  bool is_old = false;    // a string of Python 2, where text and bytes were one
};
struct Sequence {
  enum class Kind { List, Tuple, Set };
  Kind kind = Kind::List;
  std::vector<Id> items;
};
// dict, OrderedDict or defaultdict in insertion order; a key may occur twice.
struct Mapping {
  std::vector<std::pair<Id, Id>> items;
};
// A class or function by name; never imported.
struct Global {
  std::string_view module;
  std::string_view name;
};
// A call that the pickle asks for. It is recorded and never made: `args` is a tuple, `state` what BUILD would set.
struct Call {
  Id callee = 0;
  Id args = 0;
  Id state = 0;
  bool has_state = false;
};
// A reference to something outside the pickle (torch: a storage).
struct Persistent {
  Id id = 0;
};

using Value = std::variant<None, bool, int64_t, double, BigInt, Text, Sequence, Mapping, Global, Call, Persistent>;

// One unpickled object. Views the bytes it was read from, which must outlive it. Immutable: safe to share.
struct Tree {
  std::vector<Value> values;
  Id root = 0;
  size_t consumed = 0;               // bytes up to and including STOP
  std::vector<std::string> foreign;  // globals outside the allow-list, each once, as "module.name"
  // What texts view that the pickle spells with escapes (protocols 0 and 1); shared by copies of the tree.
  std::shared_ptr<std::deque<std::string>> unescaped = std::make_shared<std::deque<std::string>>();

  const Value& operator[](Id id) const { return values[id]; }
  template <typename T>
  const T* get(Id id) const {
    return std::get_if<T>(&values[id]);
  }
  // The global that a Call calls, or nullptr.
  const Global* callee(const Call& call) const { return get<Global>(call.callee); }
};

// Reads one pickle at the start of `bytes`: protocols 0 to 5 as Python writes them. Nothing is imported or
// executed; a call other than of OrderedDict, defaultdict and torch.Size becomes a Call. `name` is the file, for the
// error sentences. Throws Error(Model) for a pickle that calls into the interpreter or the system, is malformed or too
// large, and Error(Input) when the bytes end before the pickle does.
Tree parse(std::span<const std::byte> bytes, const std::string& name);

// Signed little-endian two's complement, any length, to decimal.
std::string decimal_of(std::span<const std::byte> little_endian);

}  // namespace animate::checkpoint::pickle
