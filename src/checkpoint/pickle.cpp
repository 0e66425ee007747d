#include "checkpoint/pickle.h"

#include <bit>

#include "checkpoint/pickle_machine.h"

namespace animate::checkpoint::pickle {

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
    case 'I':
    case 'L':
    case 'F':
    case 'V':
    case 'S':
    case 'P': return step_line(opcode);
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
    case 'U': return push(Text{in_.text(in_.little<uint8_t>()), false, true});     // SHORT_BINSTRING
    case 'C':                                                                      // SHORT_BINBYTES
    case 0x8c: return push(Text{in_.text(in_.little<uint8_t>()), opcode == 'C'});  // SHORT_BINUNICODE
    case 'T': return push(Text{in_.text(in_.little<uint32_t>()), false, true});    // BINSTRING
    case 'X':                                                                      // BINUNICODE
    case 'B': return push(Text{in_.text(in_.little<uint32_t>()), opcode == 'B'});  // BINBYTES
    default: return push(Text{in_.text(in_.little<uint64_t>()), opcode != 0x8d});  // BINUNICODE8, BINBYTES8, BYTEARRAY8
  }
}

// What protocols 0 and 1 spell as lines of text.
void Unpickler::step_line(uint8_t opcode) {
  const std::string_view line = in_.line();
  const auto text = [&](std::optional<std::string> unescaped, bool is_old) {
    require(unescaped.has_value(), "spells a text as Python does not");
    push(Text{keep(*std::move(unescaped)), false, is_old});
  };
  switch (opcode) {
    case 'I':
    case 'L': {  // INT, LONG
      require(line.size() <= kMaxLongDigits, "holds an integer that is too long");
      auto value = integer_of(line, opcode == 'L');
      require(value.has_value(), "spells a number as Python does not");
      return push(*std::move(value));
    }
    case 'F': {  // FLOAT
      const auto value = float_of(line);
      require(value.has_value(), "spells a number as Python does not");
      return push(*value);
    }
    case 'V': return text(unicode_of(line), false);     // UNICODE
    case 'S': return text(string_of(line), true);       // STRING
    default: return push(Persistent{add(Text{line})});  // PERSID
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

Tree parse(std::span<const std::byte> bytes, const std::string& name) { return Unpickler(bytes, name).run(); }

}  // namespace animate::checkpoint::pickle
