#include "checkpoint/pickle.h"

#include <algorithm>
#include <bit>
#include <unordered_set>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/pickle_policy.h"
#include "checkpoint/printable.h"

namespace animate::checkpoint::pickle {
namespace {

// The stack machine that pickle.h describes. A training checkpoint of the largest model has some 10^5 values; the
// limits keep a hostile file of any size below a few hundred megabytes: two bytes of a pickle may make a value of a
// hundred.
constexpr size_t kMaxValues = size_t{1} << 21;
constexpr size_t kMaxOperations = size_t{1} << 24;
constexpr size_t kMaxMemo = size_t{1} << 21;
constexpr size_t kMaxLongBytes = 64;  // generators keep numbers of 128 bits; torch.save marks files by one of 80
constexpr size_t kMaxForeign = 1000;

constexpr Id kNoId = UINT32_MAX;

class Unpickler {
 public:
  Unpickler(std::span<const std::byte> bytes, const std::string& name) : in_(bytes, name, "its pickle"), file_(name) {}

  Tree run();

 private:
  void step(uint8_t opcode);
  void step_scalar(uint8_t opcode);
  void step_text(uint8_t opcode);
  void step_container(uint8_t opcode);
  void step_memo(uint8_t opcode);
  void step_call(uint8_t opcode);

  [[noreturn]] void refuse(std::string_view what) const {
    fail(ErrorKind::Model, "{}: the pickle in it {}; download it again from a source you trust", file_, what);
  }
  void require(bool condition, std::string_view what) const {
    if (!condition) refuse(what);
  }

  Id add(Value value) {
    require(tree_.values.size() < kMaxValues, "holds too many values");
    tree_.values.push_back(std::move(value));
    return static_cast<Id>(tree_.values.size() - 1);
  }
  void push(Value value) { stack_.push_back(add(std::move(value))); }

  // A MARK is a fence: nothing below it can be taken until it is gone.
  size_t fence() const { return marks_.empty() ? 0 : marks_.back(); }
  Id top() const {
    require(stack_.size() > fence(), "takes a value from an empty stack");
    return stack_.back();
  }
  Id pop() {
    const Id id = top();
    stack_.pop_back();
    return id;
  }
  std::vector<Id> pop_to_mark() {
    require(!marks_.empty(), "misses a mark");
    std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  void push_tuple(size_t count) {
    std::vector<Id> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push(Sequence{Sequence::Kind::Tuple, std::move(items)});
  }

  void put_memo(size_t index, Id id) {
    require(index < kMaxMemo, "has a memo that is too large");
    if (index >= memo_.size()) memo_.resize(std::max(index + 1, std::min(memo_.size() * 2, kMaxMemo)), kNoId);
    memo_[index] = id;
  }
  void get_memo(size_t index) {
    require(index < memo_.size() && memo_[index] != kNoId, "recalls a value that it never stored");
    stack_.push_back(memo_[index]);
  }

  size_t memo_index() {
    const auto index = index_of(in_.line());
    require(index.has_value(), "has a memo index that is no number");
    return *index;
  }

  void push_long(uint64_t length);
  void push_global(std::string_view module, std::string_view name);
  void extend(Id target, std::vector<Id> items, bool is_set);
  void set_items(Id target, const std::vector<Id>& items);
  Value mapping_of(const std::vector<Id>& items);
  void call(Id callee, Id args);
  bool known_call(const Global& global, Id args);
  Mapping mapping_of_pairs(Id list);

  ByteReader in_;
  const std::string& file_;
  Tree tree_;
  std::vector<Id> stack_;                 // what operations take and leave; Python's interpreter has the same three
  std::vector<size_t> marks_;             // heights of the stack where a MARK lies
  std::vector<Id> memo_;                  // by index; kNoId where nothing was stored
  size_t memoized_ = 0;                   // MEMOIZE numbers the memo by itself
  size_t copied_ = 0;                     // entries copied by OrderedDict calls, to bound their memory
  std::unordered_set<std::string> seen_;  // names that are in tree_.foreign
};

Tree Unpickler::run() {
  constexpr uint8_t stop = '.';
  for (size_t operations = 0;; ++operations) {
    require(operations < kMaxOperations, "has too many steps");
    const auto opcode = in_.little<uint8_t>();
    if (opcode == stop) break;
    step(opcode);
  }
  tree_.root = pop();
  tree_.consumed = in_.position();
  return std::move(tree_);
}

void Unpickler::step(uint8_t opcode) {
  switch (opcode) {
    case 0x80: return require(in_.little<uint8_t>() <= 5, "has a protocol that is not known");  // PROTO
    case 0x95: in_.little<uint64_t>(); return;  // FRAME: a hint for buffering, of no meaning here
    case 'N':
    case 0x88:
    case 0x89:
    case 'J':
    case 'K':
    case 'M':
    case 0x8a:
    case 0x8b:
    case 'G': return step_scalar(opcode);
    case 'X':
    case 0x8c:
    case 0x8d:
    case 'T':
    case 'U':
    case 'B':
    case 'C':
    case 0x8e:
    case 0x96: return step_text(opcode);
    case 'q':
    case 'r':
    case 'h':
    case 'j':
    case 'p':
    case 'g':
    case 0x94:
    case '0':
    case '1':
    case '2': return step_memo(opcode);
    case 'c':
    case 0x93:
    case 'R':
    case 0x81:
    case 0x92:
    case 'i':
    case 'o':
    case 'b':
    case 'Q': return step_call(opcode);
    default: return step_container(opcode);
  }
}

void Unpickler::step_scalar(uint8_t opcode) {
  switch (opcode) {
    case 'N': return push(None{});                           // NONE
    case 0x88: return push(true);                            // NEWTRUE
    case 0x89: return push(false);                           // NEWFALSE
    case 'J': return push(int64_t{in_.little<int32_t>()});   // BININT
    case 'K': return push(int64_t{in_.little<uint8_t>()});   // BININT1
    case 'M': return push(int64_t{in_.little<uint16_t>()});  // BININT2
    case 0x8a: return push_long(in_.little<uint8_t>());      // LONG1
    case 0x8b: return push_long(in_.little<uint32_t>());     // LONG4
    default: {
      // BINFLOAT is the one big-endian number of the format.
      uint64_t bits = 0;
      for (const std::byte byte : in_.take(8)) bits = bits << 8 | std::to_integer<uint64_t>(byte);
      return push(std::bit_cast<double>(bits));
    }
  }
}

void Unpickler::push_long(uint64_t length) {
  require(length <= kMaxLongBytes, "holds an integer that is too long");
  const auto bytes = in_.take(length);
  if (length > 8) return push(BigInt{decimal_of(bytes)});
  const bool negative = length > 0 && (bytes[length - 1] & std::byte{0x80}) != std::byte{0};
  uint64_t bits = negative ? ~uint64_t{0} : 0;
  for (size_t i = length; i-- > 0;) bits = bits << 8 | std::to_integer<uint64_t>(bytes[i]);
  push(static_cast<int64_t>(bits));
}

void Unpickler::step_text(uint8_t opcode) {
  switch (opcode) {
    case 'U':                                                                      // SHORT_BINSTRING
    case 'C':                                                                      // SHORT_BINBYTES
    case 0x8c: return push(Text{in_.text(in_.little<uint8_t>()), opcode == 'C'});  // SHORT_BINUNICODE
    case 'X':                                                                      // BINUNICODE
    case 'T':                                                                      // BINSTRING
    case 'B': return push(Text{in_.text(in_.little<uint32_t>()), opcode == 'B'});  // BINBYTES
    default: return push(Text{in_.text(in_.little<uint64_t>()), opcode != 0x8d});  // BINUNICODE8, BINBYTES8, BYTEARRAY8
  }
}

void Unpickler::step_memo(uint8_t opcode) {
  switch (opcode) {
    case 'q': return put_memo(in_.little<uint8_t>(), top());   // BINPUT
    case 'r': return put_memo(in_.little<uint32_t>(), top());  // LONG_BINPUT
    case 0x94: return put_memo(memoized_++, top());            // MEMOIZE
    case 'h': return get_memo(in_.little<uint8_t>());          // BINGET
    case 'j': return get_memo(in_.little<uint32_t>());         // LONG_BINGET
    case 'p': return put_memo(memo_index(), top());            // PUT
    case 'g': return get_memo(memo_index());                   // GET
    case '1': pop_to_mark(); return;                           // POP_MARK
    case '2': return stack_.push_back(top());                  // DUP
    default:
      // POP also takes a mark, when that is what lies on top.
      if (!marks_.empty() && marks_.back() == stack_.size()) return marks_.pop_back();
      pop();
  }
}

void Unpickler::step_container(uint8_t opcode) {
  using Kind = Sequence::Kind;
  switch (opcode) {
    case '(': return marks_.push_back(stack_.size());             // MARK
    case ')': return push(Sequence{Kind::Tuple, {}});             // EMPTY_TUPLE
    case ']': return push(Sequence{Kind::List, {}});              // EMPTY_LIST
    case '}': return push(Mapping{});                             // EMPTY_DICT
    case 0x8f: return push(Sequence{Kind::Set, {}});              // EMPTY_SET
    case 0x85: return push_tuple(1);                              // TUPLE1
    case 0x86: return push_tuple(2);                              // TUPLE2
    case 0x87: return push_tuple(3);                              // TUPLE3
    case 't': return push(Sequence{Kind::Tuple, pop_to_mark()});  // TUPLE
    case 'l': return push(Sequence{Kind::List, pop_to_mark()});   // LIST
    case 0x91: return push(Sequence{Kind::Set, pop_to_mark()});   // FROZENSET
    case 'd': return push(mapping_of(pop_to_mark()));             // DICT
    case 'a': {                                                   // APPEND
      const Id item = pop();
      return extend(top(), {item}, false);
    }
    case 'e':     // APPENDS
    case 0x90: {  // ADDITEMS
      std::vector<Id> items = pop_to_mark();
      return extend(top(), std::move(items), opcode == 0x90);
    }
    case 's': {  // SETITEM
      const Id value = pop();
      const Id key = pop();
      return set_items(top(), {key, value});
    }
    case 'u': {  // SETITEMS
      const std::vector<Id> items = pop_to_mark();
      return set_items(top(), items);
    }
    default: refuse(fmt::format("uses the operation 0x{:02x}, which no file of numbers needs", opcode));
  }
}

void Unpickler::extend(Id target, std::vector<Id> items, bool is_set) {
  Value& value = tree_.values[target];
  if (std::holds_alternative<Call>(value)) return;  // inert, and so is what it would hold
  auto* sequence = std::get_if<Sequence>(&value);
  const auto kind = is_set ? Sequence::Kind::Set : Sequence::Kind::List;
  require(sequence != nullptr && sequence->kind == kind, "appends to what is not a list");
  sequence->items.insert(sequence->items.end(), items.begin(), items.end());
}

void Unpickler::set_items(Id target, const std::vector<Id>& items) {
  Value& value = tree_.values[target];
  if (std::holds_alternative<Call>(value)) return;
  auto* mapping = std::get_if<Mapping>(&value);
  require(mapping != nullptr && items.size() % 2 == 0, "sets items of what is not a dict");
  for (size_t i = 0; i < items.size(); i += 2) mapping->items.emplace_back(items[i], items[i + 1]);
}

Value Unpickler::mapping_of(const std::vector<Id>& items) {
  require(items.size() % 2 == 0, "has a dict with a key but no value");
  Mapping mapping;
  for (size_t i = 0; i < items.size(); i += 2) mapping.items.emplace_back(items[i], items[i + 1]);
  return mapping;
}

void Unpickler::step_call(uint8_t opcode) {
  switch (opcode) {
    case 'c': {  // GLOBAL
      const std::string_view module = in_.line();
      return push_global(module, in_.line());
    }
    case 0x93: {  // STACK_GLOBAL
      const auto* name = tree_.get<Text>(pop());
      const auto* module = tree_.get<Text>(pop());
      require(name != nullptr && module != nullptr, "names a class by what is not text");
      return push_global(module->value, name->value);
    }
    case 'i': {  // INST
      const std::string_view module = in_.line();
      push_global(module, in_.line());
      const Id callee = pop();
      const Id args = add(Sequence{Sequence::Kind::Tuple, pop_to_mark()});
      return call(callee, args);
    }
    case 'o': {  // OBJ
      std::vector<Id> items = pop_to_mark();
      require(!items.empty(), "makes an object of no class");
      const Id callee = items.front();
      items.erase(items.begin());
      return call(callee, add(Sequence{Sequence::Kind::Tuple, std::move(items)}));
    }
    case 0x92: pop(); [[fallthrough]];  // NEWOBJ_EX: the keyword arguments do not matter to an inert value
    case 'R':                           // REDUCE
    case 0x81: {                        // NEWOBJ
      const Id args = pop();
      return call(pop(), args);
    }
    case 'b': {  // BUILD
      const Id state = pop();
      Value& value = tree_.values[top()];
      if (auto* made = std::get_if<Call>(&value)) {
        made->state = state;
        made->has_state = true;
        return;
      }
      // A state dict carries its module versions this way; they mean nothing for the weights.
      return require(std::holds_alternative<Mapping>(value), "sets the state of what is not an object");
    }
    default: return push(Persistent{pop()});  // BINPERSID
  }
}

void Unpickler::push_global(std::string_view module, std::string_view name) {
  if (trust_in(module, name) != Trust::Known && tree_.foreign.size() < kMaxForeign) {
    std::string shown = printable(fmt::format("{}.{}", module.substr(0, 200), name.substr(0, 200)));
    if (seen_.insert(shown).second) tree_.foreign.push_back(std::move(shown));
  }
  push(Global{module, name});
}

void Unpickler::call(Id callee, Id args) {
  const auto* arguments = tree_.get<Sequence>(args);
  require(arguments != nullptr && arguments->kind == Sequence::Kind::Tuple, "makes a call without arguments");
  if (const auto* global = tree_.get<Global>(callee)) {
    if (trust_in(global->module, global->name) == Trust::Forbidden) {
      fail(ErrorKind::Model,
           "{}: the pickle in it calls {}.{}, which is not data; nothing was executed; get the file from a source you "
           "trust",
           file_, printable(global->module.substr(0, 100)), printable(global->name.substr(0, 100)));
    }
    if (known_call(*global, args)) return;
  } else {
    require(tree_.get<Call>(callee) != nullptr, "calls what is not a function");
  }
  push(Call{callee, args});
}

// Replaces a call by its result where that is a plain container.
bool Unpickler::known_call(const Global& global, Id args) {
  const std::vector<Id>& items = tree_.get<Sequence>(args)->items;
  if (global.module == "torch" && global.name == "Size" && items.size() == 1) {
    stack_.push_back(items[0]);
    return true;
  }
  if (global.module != "collections") return false;
  if (global.name == "OrderedDict" && !items.empty()) {
    push(mapping_of_pairs(items[0]));
  } else {
    push(Mapping{});
  }
  return true;
}

Mapping Unpickler::mapping_of_pairs(Id list) {
  const auto* pairs = tree_.get<Sequence>(list);
  require(pairs != nullptr, "makes an OrderedDict of what is not a list");
  // The same list can be recalled and copied for two bytes of pickle.
  copied_ += pairs->items.size();
  require(copied_ <= kMaxValues, "holds too many values");
  Mapping mapping;
  for (const Id id : pairs->items) {
    const auto* pair = tree_.get<Sequence>(id);
    require(pair != nullptr && pair->items.size() == 2, "makes an OrderedDict of what is not pairs");
    mapping.items.emplace_back(pair->items[0], pair->items[1]);
  }
  return mapping;
}

}  // namespace

Tree parse(std::span<const std::byte> bytes, const std::string& name) { return Unpickler(bytes, name).run(); }

}  // namespace animate::checkpoint::pickle
